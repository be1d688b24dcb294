// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.channel.ChannelFaces;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/** The list of one's channels; and what only those beside the own one have in the studio: a face of their own, and an end. */
@Controller
class ChannelsController {
    /** A channel in the list. */
    public record Row(ChannelView channel, boolean live) {}

    private final ExtraChannels extra;
    private final ChannelFaces faces;
    private final Broadcasting broadcasting;

    ChannelsController(ExtraChannels extra, ChannelFaces faces, Broadcasting broadcasting) {
        this.extra = extra;
        this.faces = faces;
        this.broadcasting = broadcasting;
    }

    @GetMapping("/studio/channels")
    String list(Studio studio, Model model) {
        model.addAttribute("allowance", extra.allowance(studio.channel().accountId()));
        model.addAttribute(
                "rows",
                studio.channels().stream()
                        .map(channel ->
                                new Row(channel, broadcasting.channel(channel).state() == LiveState.LIVE))
                        .toList());
        return "studio/channels";
    }

    @PostMapping("/studio/channels")
    String make(
            Studio studio, @RequestParam(defaultValue = "") String name, HttpServletResponse response, Model model) {
        String typed = typed(name);
        return switch (extra.make(studio.channel().accountId(), typed)) {
            case ExtraChannels.Wish.Made(ChannelView channel) -> "redirect:" + studio.pathOf(channel);
            case ExtraChannels.Wish.Refused(String why) -> {
                response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
                model.addAttribute("error", why);
                model.addAttribute("typed", typed);
                yield list(studio, model);
            }
        };
    }

    /** As people write names of channels. */
    private static String typed(String name) {
        return name.strip().replaceFirst("^@", "");
    }

    private static String refused(
            String field, String error, Studio studio, HttpServletResponse response, Model model) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute(field, error);
        model.addAttribute("description", studio.channel().description());
        return StudioController.CHANNEL;
    }

    @PostMapping("/studio/@{channel}/name")
    String rename(
            Studio studio,
            @RequestParam(defaultValue = "") String displayName,
            HttpServletResponse response,
            Model model) {
        further(studio);
        model.addAttribute("typed", displayName);
        Optional<String> error = faces.rename(studio.channel(), displayName);
        return error.isEmpty()
                ? studio.redirect("/channel?saved")
                : refused("nameError", error.get(), studio, response, model);
    }

    @PostMapping("/studio/@{channel}/pictures/{kind}")
    String upload(
            Studio studio,
            @PathVariable String kind,
            @RequestParam @Nullable MultipartFile file,
            HttpServletResponse response,
            Model model)
            throws IOException {
        further(studio);
        PictureKind wanted = kind(kind);
        if (file == null || file.isEmpty()) {
            return refused(kind + "Error", "picture.none", studio, response, model);
        }
        try (var upload = file.getInputStream()) {
            faces.show(studio.channel(), wanted, upload);
            return studio.redirect("/channel?saved");
        } catch (BadPictureException bad) {
            String page = refused(kind + "Error", bad.messageKey(), studio, response, model);
            response.setStatus(bad.status());
            return page;
        }
    }

    @PostMapping("/studio/@{channel}/pictures/{kind}/remove")
    String removePicture(Studio studio, @PathVariable String kind) {
        further(studio);
        faces.remove(studio.channel(), kind(kind));
        return studio.redirect("/channel?saved");
    }

    /** The own channel looks as its person does, which the settings say: a form of it here would answer with a page that has none. */
    private static void further(Studio studio) {
        if (studio.channel().own()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }

    private static PictureKind kind(String word) {
        return ChannelFaces.kind(word).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** @param name typed again, because nothing brings the channel back */
    @PostMapping("/studio/@{channel}/remove")
    String remove(
            Studio studio, @RequestParam(defaultValue = "") String name, HttpServletResponse response, Model model) {
        if (!UsernameRules.fold(typed(name)).equals(studio.channel().name())) {
            return refused("removeError", "studio.channel.remove.typed", studio, response, model);
        }
        return switch (extra.remove(studio.channel().id())) {
            case DONE -> "redirect:/studio/channels?removed";
            case TOO_MANY_REST -> refused("removeError", "studio.channel.remove.many", studio, response, model);
            case OWN_CHANNEL -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        };
    }
}
