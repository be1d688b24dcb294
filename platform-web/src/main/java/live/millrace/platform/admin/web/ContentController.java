// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.moderation.StaffRights;
import live.millrace.platform.moderation.StaffRights.Measure;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What people made: channels, broadcasts, messages. */
@Controller
class ContentController {
    private final Broadcasting broadcasting;
    private final ConsoleLists lists;
    private final Channels channels;
    private final ChatModeration rooms;
    private final Audit audit;
    private final StaffRights rights;

    ContentController(
            ConsoleLists lists,
            Channels channels,
            ChatModeration rooms,
            Audit audit,
            Broadcasting broadcasting,
            StaffRights rights) {
        this.rights = rights;
        this.broadcasting = broadcasting;
        this.lists = lists;
        this.channels = channels;
        this.rooms = rooms;
        this.audit = audit;
    }

    @GetMapping("/admin/channels")
    String channels(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "") String before,
            Model model) {
        model.addAttribute("page", lists.channels(q, state, before));
        model.addAttribute("q", q);
        model.addAttribute("state", state);
        return "admin/channels";
    }

    /** Nobody decides about a channel that is theirs or that they moderate, nor against who is above them. */
    private Optional<String> against(AccountPrincipal staff, ChannelView channel) {
        return rights.againstChannel(staff, channel)
                .or(() -> rights.againstChange(staff, Measure.CHANNEL, channel.id()));
    }

    /** Takes channels out of all lists, or puts them back. */
    @PostMapping("/admin/channels")
    String hide(
            @RequestParam(defaultValue = "") List<Long> id,
            @RequestParam boolean hide,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        String why = Reasons.text(reason);
        if (hide && why.isEmpty()) {
            return "redirect:/admin/channels?said=reason";
        }
        int done = 0;
        Optional<String> refused = Optional.empty();
        for (Long channelId : id.stream().distinct().limit(ConsoleLists.PAGE).toList()) {
            ChannelView channel = channels.find(channelId).orElse(null);
            Optional<String> against = channel == null ? Optional.empty() : against(staff, channel);
            if (against.isPresent()) {
                refused = against;
            } else if (channel != null) {
                channels.hide(channelId, hide);
                if (hide) {
                    rights.took(staff, Measure.CHANNEL, channelId, Instant.EPOCH);
                    broadcasting.takeDownPicture(channel.name());
                } else {
                    broadcasting.putPictureBack(channel.name());
                }
                audit.add(
                        staff.actor(),
                        hide ? "channel.hide" : "channel.show",
                        channel.name(),
                        channel.accountId(),
                        why,
                        "");
                done++;
            }
        }
        if (done == 0 && refused.isPresent()) {
            return Refusals.page(refused.get(), model, response);
        }
        return "redirect:/admin/channels?said=" + (done > 0 ? "done" : "none");
    }

    @GetMapping("/admin/broadcasts")
    String broadcasts(
            @RequestParam(defaultValue = "") String channel,
            @RequestParam(defaultValue = "") String before,
            Model model) {
        model.addAttribute("page", lists.broadcasts(channel, before));
        model.addAttribute("channel", channel);
        return "admin/broadcasts";
    }

    @GetMapping("/admin/comments")
    String messages(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String channel,
            @RequestParam(defaultValue = "") String author,
            @RequestParam(defaultValue = "") String before,
            Model model) {
        model.addAttribute("page", lists.messages(q, channel, author, before));
        model.addAttribute("q", q);
        model.addAttribute("channel", channel);
        model.addAttribute("author", author);
        return "admin/comments";
    }

    /** @param id channel and number of each, as {@link ConsoleLists.MessageRow#key} */
    @PostMapping("/admin/comments")
    String remove(
            @RequestParam(defaultValue = "") List<String> id,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff) {
        String why = Reasons.text(reason);
        if (why.isEmpty()) {
            return "redirect:/admin/comments?said=reason";
        }
        Map<Long, List<Long>> byChannel = new LinkedHashMap<>();
        for (String key : id.stream()
                .distinct()
                .filter(text -> text.matches("\\d{1,18}-\\d{1,18}"))
                .limit(ConsoleLists.PAGE)
                .toList()) {
            String[] parts = key.split("-", 2);
            byChannel
                    .computeIfAbsent(Long.valueOf(parts[0]), _ -> new ArrayList<>())
                    .add(Long.valueOf(parts[1]));
        }
        int done = 0;
        for (Map.Entry<Long, List<Long>> entry : byChannel.entrySet()) {
            ChannelView channel = channels.find(entry.getKey()).orElse(null);
            if (channel != null) {
                int removed = rooms.remove(channel, entry.getValue(), staff.actor(), why)
                        .size();
                audit.add(staff.actor(), "message.remove", channel.name(), null, why, removed + " × ");
                done += removed;
            }
        }
        return "redirect:/admin/comments?said=" + (done > 0 ? "done" : "none");
    }
}
