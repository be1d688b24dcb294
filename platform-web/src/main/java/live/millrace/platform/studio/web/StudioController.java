// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.NewPassphrase;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeyView;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.shared.ShownOnce;
import live.millrace.platform.studio.AttemptsEvent;
import live.millrace.platform.studio.EncoderEvent;
import live.millrace.platform.studio.EncoderNames;
import live.millrace.platform.studio.StreamHistory;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** How to connect an encoder to a channel, its keys, and what is told about it. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class StudioController {
    private static final String CONNECT = "studio/connect";

    /** Stands in addresses in the place of a key that is not shown any more. */
    private static final String KEY = "KEY";

    static final String CHANNEL = "studio/channel";

    /** Time to stop an encoder that comes back by itself. */
    private static final Duration KEY_WAITS = Duration.ofSeconds(30);

    private final Descriptions descriptions;
    private final StreamKeys keys;
    private final Engine engine;
    private final Broadcasting broadcasting;
    private final MediaAddresses addresses;
    private final StreamHistory history;
    private final ShownOnce once;

    StudioController(
            Descriptions descriptions,
            StreamKeys keys,
            Engine engine,
            Broadcasting broadcasting,
            MediaAddresses addresses,
            StreamHistory history,
            ShownOnce once) {
        this.descriptions = descriptions;
        this.keys = keys;
        this.engine = engine;
        this.broadcasting = broadcasting;
        this.addresses = addresses;
        this.history = history;
        this.once = once;
    }

    /**
     * A key in the list.
     *
     * @param program what people call the program that used it last; empty while nobody knows
     */
    public record KeyRow(StreamKeyView key, String program) {
        static KeyRow of(StreamKeyView key) {
            return new KeyRow(key, key.lastEncoder() == null ? "" : EncoderNames.of(key.lastEncoder()));
        }
    }

    @GetMapping("/connect")
    String connect(
            Studio studio,
            @RequestParam(name = "new", required = false) @Nullable String asking,
            @RequestParam(required = false) @Nullable String made,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("asking", asking != null);
        if (made != null) {
            showMade(studio.channel(), request, response, model);
        }
        return connectPage(studio, request, model);
    }

    private String connectPage(Studio studio, HttpServletRequest request, Model model) {
        ChannelView channel = studio.channel();
        model.addAttribute("server", addresses.rtmpServer(request));
        model.addAttribute("others", others(request, model));
        model.addAttribute("whip", addresses.whip(request).orElse(null));
        model.addAttribute(
                "keys", keys.ofChannel(channel.id()).stream().map(KeyRow::of).toList());
        model.addAttribute("encoder", EncoderEvent.of(engine.live(channel.name()), history));
        model.addAttribute(
                "attempts",
                AttemptsEvent.of(broadcasting.attempts(channel.id(), request.getRemoteAddr()))
                        .attempts());
        return CONNECT;
    }

    private static String madeOf(ChannelView channel) {
        return "key of " + channel.id();
    }

    /** A key or a passphrase that was made a moment ago: it is shown now, and never again. */
    private void showMade(ChannelView channel, HttpServletRequest request, HttpServletResponse response, Model model) {
        Optional<List<String>> made = once.take(request, response, madeOf(channel));
        Optional<StreamKeyView> key = made.flatMap(parts -> keys.find(Long.parseLong(parts.get(0))));
        if (made.isEmpty() || key.isEmpty()) {
            model.addAttribute("shownBefore", true);
            return;
        }
        String secret = made.get().get(1);
        String passphrase = made.get().get(2);
        if (secret.isEmpty()) {
            model.addAttribute("encrypted", new NewPassphrase(key.get(), passphrase));
        } else {
            model.addAttribute(
                    "created", new NewStreamKey(key.get(), secret, passphrase.isEmpty() ? null : passphrase));
        }
    }

    /** With what is shown this one time. */
    private List<MediaAddresses.Other> others(HttpServletRequest request, Model model) {
        if (model.getAttribute("created") instanceof NewStreamKey made) {
            return addresses.encoders(request, made.secret(), made.passphrase());
        }
        return model.getAttribute("encrypted") instanceof NewPassphrase made
                ? addresses.encoders(request, KEY, made.text())
                : addresses.encoders(request, KEY, null);
    }

    /** The key is shown by the page that follows, and never again. */
    @PostMapping("/keys")
    String createKey(
            Studio studio,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "false") boolean encrypted,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("wantsPassphrase", encrypted);
        ChannelView channel = studio.channel();
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > StreamKeys.MAX_NAME) {
            return keyError("studio.key.name.length", stripped, studio, request, response, model);
        }
        Optional<NewStreamKey> created = keys.create(channel.id(), stripped, encrypted);
        if (created.isEmpty()) {
            return keyError("studio.key.too-many", stripped, studio, request, response, model);
        }
        NewStreamKey key = created.get();
        String passphrase = key.passphrase() == null ? "" : key.passphrase();
        once.keep(request, madeOf(channel), List.of(Long.toString(key.key().id()), key.secret(), passphrase));
        return studio.redirect("/connect?made");
    }

    /** Whoever comes to the form's address by itself. */
    @GetMapping("/keys")
    String keys(Studio studio) {
        return studio.redirect("/connect");
    }

    /** As a key is: the passphrase is shown by the page that follows, and never again. */
    @PostMapping("/keys/{id}/passphrase")
    String encryptKey(Studio studio, @PathVariable long id, HttpServletRequest request) {
        NewPassphrase made = keys.encrypt(studio.channel().id(), id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        once.keep(request, madeOf(studio.channel()), List.of(Long.toString(id), "", made.text()));
        return studio.redirect("/connect?made");
    }

    /** As with keys. */
    @GetMapping("/keys/{id}/passphrase")
    String passphrase(Studio studio) {
        return studio.redirect("/connect#keys");
    }

    @PostMapping("/keys/{id}/passphrase/remove")
    String leaveKeyPlain(Studio studio, @PathVariable long id) {
        if (!keys.leavePlain(studio.channel().id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return studio.redirect("/connect?plain#keys");
    }

    private String keyError(
            String error,
            String name,
            Studio studio,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("asking", true);
        model.addAttribute("keyError", error);
        model.addAttribute("keyName", name);
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return connectPage(studio, request, model);
    }

    @PostMapping("/keys/{id}/revoke")
    String revokeKey(Studio studio, @PathVariable long id) {
        if (!keys.revoke(studio.channel().id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return studio.redirect("/connect?revoked#keys");
    }

    /**
     * Ends the channel's broadcast, whether its encoder is there or lost. An encoder that is there would be back in two seconds,
     * so that its key waits a little.
     */
    @PostMapping("/end")
    String end(Studio studio) {
        String channel = studio.channel().name();
        boolean ended = broadcasting.endByOwner(channel, KEY_WAITS);
        return studio.redirect("?" + (ended ? "ended" : "offline"));
    }

    @GetMapping("/channel")
    String channel(Studio studio, Model model) {
        return channelPage(model, studio.channel().description());
    }

    private static String channelPage(Model model, String description) {
        model.addAttribute("description", description);
        return CHANNEL;
    }

    @PostMapping("/channel")
    String editChannel(
            Studio studio,
            @RequestParam(defaultValue = "") String description,
            HttpServletResponse response,
            Model model) {
        Optional<String> error = descriptions.edit(studio.channel(), description);
        if (error.isPresent()) {
            model.addAttribute("descriptionError", error.get());
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return channelPage(model, description);
        }
        return studio.redirect("/channel?saved");
    }
}
