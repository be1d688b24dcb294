// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.studio.EncoderEvent;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The broadcaster's pages. Every one is about the channel of whoever is signed in. */
@Controller
class StudioController {
    private static final String CONNECT = "studio/connect";
    private static final String CHANNEL = "studio/channel";

    /** Time to stop an encoder that comes back by itself. */
    private static final Duration KEY_WAITS = Duration.ofSeconds(30);

    private final Channels channels;
    private final StreamKeys keys;
    private final Engine engine;
    private final Broadcasting broadcasting;
    private final MediaAddresses addresses;

    StudioController(
            Channels channels, StreamKeys keys, Engine engine, Broadcasting broadcasting, MediaAddresses addresses) {
        this.channels = channels;
        this.keys = keys;
        this.engine = engine;
        this.broadcasting = broadcasting;
        this.addresses = addresses;
    }

    @GetMapping("/studio/connect")
    String connect(
            @AuthenticationPrincipal AccountPrincipal principal,
            @RequestParam(name = "new", required = false) @Nullable String asking,
            HttpServletRequest request,
            Model model) {
        model.addAttribute("asking", asking != null);
        return connectPage(principal, request, model);
    }

    private String connectPage(AccountPrincipal principal, HttpServletRequest request, Model model) {
        ChannelView channel = channels.ofAccount(principal.accountId());
        model.addAttribute("channel", channel);
        model.addAttribute("server", addresses.rtmpServer(request));
        model.addAttribute("keys", keys.ofChannel(channel.id()));
        model.addAttribute("encoder", EncoderEvent.of(engine.live(channel.name())));
        model.addAttribute("attempts", broadcasting.attempts(channel.id(), request.getRemoteAddr()));
        return CONNECT;
    }

    /** Answers with the page itself, because the key is shown here and never again; it must not stay in any cache. */
    @PostMapping("/studio/keys")
    String createKey(
            @AuthenticationPrincipal AccountPrincipal principal,
            @RequestParam(defaultValue = "") String name,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        ChannelView channel = channels.ofAccount(principal.accountId());
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > StreamKeys.MAX_NAME) {
            return keyError("studio.key.name.length", stripped, principal, request, response, model);
        }
        Optional<NewStreamKey> created = keys.create(channel.id(), stripped);
        if (created.isEmpty()) {
            return keyError("studio.key.too-many", stripped, principal, request, response, model);
        }
        model.addAttribute("created", created.get());
        response.setHeader("Cache-Control", "no-store");
        return connectPage(principal, request, model);
    }

    private String keyError(
            String error,
            String name,
            AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        model.addAttribute("asking", true);
        model.addAttribute("keyError", error);
        model.addAttribute("keyName", name);
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return connectPage(principal, request, model);
    }

    @PostMapping("/studio/keys/{id}/revoke")
    String revokeKey(@AuthenticationPrincipal AccountPrincipal principal, @PathVariable long id) {
        if (!keys.revoke(channels.ofAccount(principal.accountId()).id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return "redirect:/studio/connect?revoked#keys";
    }

    /**
     * Ends the account's own broadcast, whether its encoder is there or lost. An encoder that is there would be back in two
     * seconds, so that its key waits a little.
     */
    @PostMapping("/studio/end")
    String end(@AuthenticationPrincipal AccountPrincipal principal) {
        String channel = channels.ofAccount(principal.accountId()).name();
        boolean ended = broadcasting.endAndBlock(channel, KEY_WAITS);
        return "redirect:/studio/connect?" + (ended ? "ended" : "offline");
    }

    @GetMapping("/studio/channel")
    String channel(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        ChannelView channel = channels.ofAccount(principal.accountId());
        return channelPage(model, channel, channel.description());
    }

    private static String channelPage(Model model, ChannelView channel, String description) {
        model.addAttribute("channel", channel);
        model.addAttribute("description", description);
        return CHANNEL;
    }

    @PostMapping("/studio/channel")
    String editChannel(
            @AuthenticationPrincipal AccountPrincipal principal,
            @RequestParam(defaultValue = "") String description,
            HttpServletResponse response,
            Model model) {
        ChannelView channel = channels.ofAccount(principal.accountId());
        String unified = description.replace("\r\n", "\n");
        if (unified.strip().length() > Channels.MAX_DESCRIPTION) {
            model.addAttribute("descriptionError", "studio.channel.description.length");
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return channelPage(model, channel, unified);
        }
        channels.edit(channel.id(), unified);
        return "redirect:/studio/channel?saved";
    }
}
