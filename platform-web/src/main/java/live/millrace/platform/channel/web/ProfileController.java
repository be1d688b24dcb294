// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.DisplayNames;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/** How somebody appears to others: name, picture, banner. */
@Controller
class ProfileController {
    private final Channels channels;
    private final Pictures pictures;

    ProfileController(Channels channels, Pictures pictures) {
        this.channels = channels;
        this.pictures = pictures;
    }

    @GetMapping("/settings")
    String profile(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        model.addAttribute("channel", channels.ofAccount(principal.accountId()));
        return "settings/profile";
    }

    private String refused(
            String field, String error, AccountPrincipal principal, HttpServletResponse response, Model model) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute(field, error);
        return profile(principal, model);
    }

    @PostMapping("/settings/name")
    String rename(
            @RequestParam(defaultValue = "") String displayName,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        String name = DisplayNames.normalize(displayName);
        model.addAttribute("typed", displayName);
        if (DisplayNames.length(name) > DisplayNames.MAX_LENGTH) {
            return refused("nameError", "settings.name.length", principal, response, model);
        }
        ChannelView channel = channels.ofAccount(principal.accountId());
        return channels.rename(channel.id(), name)
                ? "redirect:/settings?saved"
                : refused("nameError", "settings.name.taken", principal, response, model);
    }

    @PostMapping("/settings/pictures/{kind}")
    String upload(
            @PathVariable String kind,
            @RequestParam @Nullable MultipartFile file,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model)
            throws IOException {
        PictureKind wanted = kind(kind);
        if (file == null || file.isEmpty()) {
            return refused(kind + "Error", "picture.none", principal, response, model);
        }
        ChannelView channel = channels.ofAccount(principal.accountId());
        try (var upload = file.getInputStream()) {
            show(wanted, channel.id(), pictures.store(wanted, principal.accountId(), upload));
            return "redirect:/settings?saved";
        } catch (BadPictureException bad) {
            return refused(kind + "Error", bad.messageKey(), principal, response, model);
        }
    }

    @PostMapping("/settings/pictures/{kind}/remove")
    String remove(@PathVariable String kind, @AuthenticationPrincipal AccountPrincipal principal) {
        show(kind(kind), channels.ofAccount(principal.accountId()).id(), null);
        return "redirect:/settings?saved";
    }

    private void show(PictureKind kind, long channelId, @Nullable String picture) {
        Optional<String> before = kind == PictureKind.AVATAR
                ? channels.setAvatar(channelId, picture)
                : channels.setBanner(channelId, picture);
        before.ifPresent(pictures::delete);
    }

    private static PictureKind kind(String name) {
        return switch (name) {
            case "avatar" -> PictureKind.AVATAR;
            case "banner" -> PictureKind.BANNER;
            default -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        };
    }
}
