// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.picture.BadPictureException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The rules of one's own chat, its emotes and its moderators. */
@Controller
class ChatSettingsController {
    private final Channels channels;
    private final Accounts accounts;
    private final ChatRooms rooms;
    private final MailLinks mail;

    ChatSettingsController(Channels channels, Accounts accounts, ChatRooms rooms, MailLinks mail) {
        this.channels = channels;
        this.accounts = accounts;
        this.rooms = rooms;
        this.mail = mail;
    }

    @GetMapping("/studio/chat")
    String page(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        ChannelView channel = channels.ofAccount(principal.accountId());
        model.addAttribute("channel", channel);
        model.addAttribute("rules", rooms.settings(channel.id()));
        model.addAttribute("emotes", rooms.ownEmotes(channel.id()));
        model.addAttribute("rights", ChatRight.values());
        model.addAttribute("moderators", rooms.moderators(channel.id()));
        // Where no mail is sent, nobody could ever be verified.
        model.addAttribute("verifies", mail.available());
        return "studio/chat";
    }

    @PostMapping("/studio/chat")
    String change(
            @RequestParam(defaultValue = "EVERYONE") ChatSettings.Writers writers,
            @RequestParam(defaultValue = "0") int followMinutes,
            @RequestParam(defaultValue = "0") int slowSeconds,
            @RequestParam(defaultValue = "ALLOWED") ChatSettings.Links links,
            @RequestParam(defaultValue = "false") boolean allowDuplicates,
            @AuthenticationPrincipal AccountPrincipal principal) {
        rooms.change(
                channels.ofAccount(principal.accountId()).id(),
                new ChatSettings(writers, followMinutes, slowSeconds, links, allowDuplicates));
        return "redirect:/studio/chat?saved";
    }

    @PostMapping("/studio/chat/emotes")
    String addEmote(
            @RequestParam(defaultValue = "") String code,
            @RequestParam @Nullable MultipartFile file,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model)
            throws IOException {
        String error = "picture.none";
        if (file != null && !file.isEmpty()) {
            try (var upload = file.getInputStream()) {
                rooms.addEmote(
                        channels.ofAccount(principal.accountId()),
                        code.strip().replace(":", "").toLowerCase(Locale.ROOT),
                        upload);
                return "redirect:/studio/chat?saved#emotes";
            } catch (BadPictureException bad) {
                error = bad.messageKey();
            }
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("emoteError", error);
        model.addAttribute("code", code);
        return page(principal, model);
    }

    @PostMapping("/studio/chat/emotes/remove")
    String removeEmote(@RequestParam String code, @AuthenticationPrincipal AccountPrincipal principal) {
        rooms.removeEmote(channels.ofAccount(principal.accountId()).id(), code);
        return "redirect:/studio/chat?saved#emotes";
    }

    /** @param rights what they may; without any, what moderators usually may */
    @PostMapping("/studio/chat/moderators")
    String putModerator(
            @RequestParam(defaultValue = "") String username,
            @RequestParam(defaultValue = "") Set<ChatRight> rights,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        Optional<AccountView> found = accounts.findByUsername(username.strip().replaceFirst("^@", ""));
        if (found.isPresent()
                && found.get().id() != principal.accountId()
                && rooms.putModerator(
                        channels.ofAccount(principal.accountId()).id(),
                        found.get().id(),
                        rights.isEmpty() ? ChatRight.USUAL : rights)) {
            return "redirect:/studio/chat?saved#moderators";
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("moderatorError", "studio.chat.moderator.unknown");
        model.addAttribute("username", username);
        return page(principal, model);
    }

    @PostMapping("/studio/chat/moderators/remove")
    String removeModerator(@RequestParam long accountId, @AuthenticationPrincipal AccountPrincipal principal) {
        rooms.removeModerator(channels.ofAccount(principal.accountId()).id(), accountId);
        return "redirect:/studio/chat?saved#moderators";
    }
}
