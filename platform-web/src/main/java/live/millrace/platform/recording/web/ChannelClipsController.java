// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.recording.ClipCard;
import live.millrace.platform.recording.ClipView;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.VideoAccess;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** A channel's clips. */
@Controller
class ChannelClipsController {
    /** Whole rows, whether two, three, four or six are abreast. */
    private static final int PAGE = 24;

    private final Channels channels;
    private final Clips clips;
    private final VideoAccess access;
    private final Follows follows;

    ChannelClipsController(Channels channels, Clips clips, VideoAccess access, Follows follows) {
        this.channels = channels;
        this.clips = clips;
        this.access = access;
        this.follows = follows;
    }

    @GetMapping("/{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}/clips")
    String page(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String before,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            Model model) {
        ChannelView channel = channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        if (!channel.name().equals(name)) {
            return "redirect:/" + channel.name() + "/clips";
        }
        List<ClipView> page =
                clips.ofChannel(channel.id(), access.clips(channel, principal), Optional.ofNullable(before), PAGE + 1);
        List<ClipView> shown = page.stream().limit(PAGE).toList();
        model.addAttribute("channel", channel);
        model.addAttribute(
                "cards", shown.stream().map(clip -> new ClipCard(clip, channel)).toList());
        model.addAttribute("older", page.size() > PAGE ? shown.getLast().id() : null);
        model.addAttribute("newest", before == null);
        model.addAttribute("owner", principal != null && principal.accountId() == channel.accountId());
        model.addAttribute(
                "follows",
                principal != null
                        && follows.since(principal.accountId(), channel.id()).isPresent());
        return "video/clips";
    }
}
