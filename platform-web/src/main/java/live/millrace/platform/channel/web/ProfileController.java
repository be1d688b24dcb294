// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelFaces;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
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

/** How somebody appears to others: name, picture, banner, which are those of the channel of their name. */
@Controller
class ProfileController {
    private final Channels channels;
    private final ChannelFaces faces;

    ProfileController(Channels channels, ChannelFaces faces) {
        this.channels = channels;
        this.faces = faces;
    }

    private ChannelView channel(AccountPrincipal principal) {
        return channels.ofAccount(principal.accountId());
    }

    @GetMapping("/settings")
    String profile(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        model.addAttribute("channel", channel(principal));
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
        model.addAttribute("typed", displayName);
        Optional<String> error = faces.rename(channel(principal), displayName);
        return error.isEmpty()
                ? "redirect:/settings?saved"
                : refused("nameError", error.get(), principal, response, model);
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
        try (var upload = file.getInputStream()) {
            faces.show(channel(principal), wanted, upload);
            return "redirect:/settings?saved";
        } catch (BadPictureException bad) {
            String page = refused(kind + "Error", bad.messageKey(), principal, response, model);
            response.setStatus(bad.status());
            return page;
        }
    }

    @PostMapping("/settings/pictures/{kind}/remove")
    String remove(@PathVariable String kind, @AuthenticationPrincipal AccountPrincipal principal) {
        faces.remove(channel(principal), kind(kind));
        return "redirect:/settings?saved";
    }

    private static PictureKind kind(String name) {
        return ChannelFaces.kind(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
