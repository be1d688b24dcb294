// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.picture.BadPictureException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The rules of one's own chat, its emotes and its moderators. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class ChatSettingsController {
    private final Accounts accounts;
    private final ChatRooms rooms;
    private final MailLinks mail;

    ChatSettingsController(Accounts accounts, ChatRooms rooms, MailLinks mail) {
        this.accounts = accounts;
        this.rooms = rooms;
        this.mail = mail;
    }

    @GetMapping("/chat")
    String page(Studio studio, Model model) {
        ChannelView channel = studio.channel();
        model.addAttribute("rules", rooms.settings(channel.id()));
        model.addAttribute("emotes", rooms.ownEmotes(channel.id()));
        model.addAttribute("rights", ChatRight.values());
        model.addAttribute("moderators", rooms.moderators(channel.id()));
        // Where no mail is sent, nobody could ever be verified.
        model.addAttribute("verifies", mail.available());
        return "studio/chat";
    }

    @PostMapping("/chat")
    String change(
            Studio studio,
            @RequestParam(defaultValue = "EVERYONE") ChatSettings.Writers writers,
            @RequestParam(defaultValue = "0") int followMinutes,
            @RequestParam(defaultValue = "0") int slowSeconds,
            @RequestParam(defaultValue = "ALLOWED") ChatSettings.Links links,
            @RequestParam(defaultValue = "false") boolean allowDuplicates,
            @RequestParam(defaultValue = "false") boolean guests) {
        rooms.change(
                studio.channel().id(),
                new ChatSettings(writers, followMinutes, slowSeconds, links, allowDuplicates, guests));
        return studio.redirect("/chat?saved");
    }

    @PostMapping("/chat/emotes")
    String addEmote(
            Studio studio,
            @RequestParam(defaultValue = "") String code,
            @RequestParam @Nullable MultipartFile file,
            HttpServletResponse response,
            Model model)
            throws IOException {
        String error = "picture.none";
        int status = HttpStatus.UNPROCESSABLE_CONTENT.value();
        if (file != null && !file.isEmpty()) {
            try (var upload = file.getInputStream()) {
                rooms.addEmote(studio.channel(), code.strip().replace(":", "").toLowerCase(Locale.ROOT), upload);
                return studio.redirect("/chat?saved#emotes");
            } catch (BadPictureException bad) {
                error = bad.messageKey();
                status = bad.status();
            }
        }
        response.setStatus(status);
        model.addAttribute("emoteError", error);
        model.addAttribute("code", code);
        return page(studio, model);
    }

    @PostMapping("/chat/emotes/remove")
    String removeEmote(Studio studio, @RequestParam String code) {
        rooms.removeEmote(studio.channel().id(), code);
        return studio.redirect("/chat?saved#emotes");
    }

    /** @param rights what they may; without any, what moderators usually may */
    @PostMapping("/chat/moderators")
    String putModerator(
            Studio studio,
            @RequestParam(defaultValue = "") String username,
            @RequestParam(defaultValue = "") Set<ChatRight> rights,
            HttpServletResponse response,
            Model model) {
        Optional<AccountView> found = accounts.findByUsername(username.strip().replaceFirst("^@", ""));
        if (found.isPresent()
                && found.get().id() != studio.channel().accountId()
                && rooms.putModerator(
                        studio.channel().id(), found.get().id(), rights.isEmpty() ? ChatRight.USUAL : rights)) {
            return studio.redirect("/chat?saved#moderators");
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("moderatorError", "studio.chat.moderator.unknown");
        model.addAttribute("username", username);
        return page(studio, model);
    }

    @PostMapping("/chat/moderators/remove")
    String removeModerator(Studio studio, @RequestParam long accountId) {
        rooms.removeModerator(studio.channel().id(), accountId);
        return studio.redirect("/chat?saved#moderators");
    }
}
