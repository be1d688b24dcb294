// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.camera.CameraView;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import live.millrace.platform.live.LiveChannel;
import live.millrace.platform.live.PastBroadcast;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.shared.Markdown;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import tools.jackson.databind.json.JsonMapper;

/** A channel's page at its name; its chat alone, and its player alone, for windows and pages elsewhere. */
@Controller
class ChannelPageController {
    private static final int PAST = 5;
    private static final int OTHERS = 4;
    private static final int VIDEOS = 4;

    private final SeenChannel seen;
    private final Follows follows;
    private final Broadcasting broadcasting;
    private final TicketedMedia media;
    private final Viewers viewers;
    private final RecordingRules recordings;
    private final JsonMapper json;
    private final SiteAddress address;
    private final Cameras cameras;

    ChannelPageController(
            SeenChannel seen,
            Follows follows,
            Broadcasting broadcasting,
            TicketedMedia media,
            Viewers viewers,
            RecordingRules recordings,
            JsonMapper json,
            SiteAddress address,
            Cameras cameras) {
        this.seen = seen;
        this.follows = follows;
        this.broadcasting = broadcasting;
        this.media = media;
        this.viewers = viewers;
        this.recordings = recordings;
        this.json = json;
        this.address = address;
        this.cameras = cameras;
    }

    @GetMapping("/{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}")
    String page(
            @PathVariable String name,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        SeenChannel.Seen found = seen.find(name);
        ChannelView channel = found.shown();
        if (!channel.name().equals(name)) {
            return "redirect:/" + channel.name();
        }
        player(found, principal, request, model);
        model.addAttribute("invited", found.invited());
        model.addAttribute("shut", found.access().toldOf());
        List<LiveCard> others = others(channel);
        model.addAttribute(
                "follows",
                principal != null
                        && follows.since(principal.accountId(), channel.id()).isPresent());
        model.addAttribute("aboutHtml", channel.description().isBlank() ? "" : Markdown.html(channel.description()));
        model.addAttribute("videos", seen.videos(found, principal, VIDEOS));
        model.addAttribute("others", others.stream().limit(OTHERS).toList());
        CategoryView category = channel.category();
        model.addAttribute(
                "inCategory",
                category != null && others.stream().anyMatch(card -> LiveFilter.inCategory(card, category.slug())));
        return "channel/page";
    }

    private List<LiveCard> others(ChannelView channel) {
        return broadcasting.directory().live().stream()
                .filter(card -> card.channel().id() != channel.id())
                .toList();
    }

    /** What lies behind the plates: the newest picture, and when nothing is on the last. */
    private @Nullable String poster(
            ChannelView channel, LiveChannel stream, @Nullable String thumbnail, boolean camera) {
        if (camera && thumbnail == null && !channel.mature()) {
            return cameras.of(channel.id())
                    .map(CameraView::snapshotAt)
                    .map(at -> "/api/v1/channels/" + channel.name() + "/snapshot.jpg?at=" + at.getEpochSecond())
                    .orElse(null);
        }
        return stream.state() == LiveState.OFFLINE
                ? channel.visibility().open()
                        ? broadcasting.lastPicture(channel).orElse(null)
                        : null
                : thumbnail;
    }

    private void player(
            SeenChannel.Seen found, @Nullable AccountPrincipal principal, HttpServletRequest request, Model model) {
        ChannelView channel = found.shown();
        boolean open = found.access().open();
        LiveChannel stream = broadcasting.channel(found.channel(), viewers.of(request));
        Optional<LiveCard> card = broadcasting.directory().live().stream()
                .filter(live -> live.channel().id() == channel.id())
                .findFirst();
        String thumbnail = card.map(LiveCard::thumbnail).orElse(null);
        List<PastBroadcast> past = open ? broadcasting.past(channel, viewers.of(request), PAST) : List.of();
        model.addAttribute("channel", channel);
        model.addAttribute("stream", stream);
        model.addAttribute(
                "hlsUrl",
                open ? media.live(request, channel, seen.recorded(found, principal)) : media.plain(request, channel));
        model.addAttribute("ticket", media.topic(request, channel));
        model.addAttribute("cdn", media.cdn(request, channel));
        model.addAttribute("instant", media.instant());
        model.addAttribute("unlock", request.getParameter("password"));
        RecordingRules.Rules kept = recordings.of(channel.id());
        model.addAttribute("recorded", kept.recorded());
        model.addAttribute("rewindMinutes", kept.recorded() ? kept.rewindMinutes() : 0);
        boolean clips = open && kept.recorded() && kept.clips() && seen.sees(found, kept.visibility(), principal);
        model.addAttribute("clipsFrom", clips ? "/api/v1/clips/window?channel=" + channel.name() : null);
        boolean camera = open && cameras.ready(channel.name());
        model.addAttribute("camera", camera);
        model.addAttribute("poster", poster(channel, stream, thumbnail, camera));
        model.addAttribute("glow", card.map(LiveCard::glowClasses).orElse(""));
        boolean owner = principal != null && principal.accountId() == channel.accountId();
        model.addAttribute("owner", owner);
        model.addAttribute("ownCamera", owner ? cameras.of(channel.id()).orElse(null) : null);
        model.addAttribute("past", past);
        model.addAttribute("last", past.isEmpty() ? null : past.getFirst());
        model.addAttribute("social", Social.of(channel, stream, thumbnail, address.originFor(request), json));
    }

    /** The chat alone, for a window of its own. */
    @GetMapping("/popout/{name}")
    String popout(@PathVariable String name, Model model) {
        SeenChannel.Seen found = seen.find(name);
        model.addAttribute("channel", found.shown());
        model.addAttribute("invited", found.invited());
        model.addAttribute("shut", found.access().toldOf());
        return "channel/popout";
    }

    /** The player alone, for pages elsewhere. It knows nobody: no cookie reaches a frame of another site. */
    @GetMapping("/embed/{name}")
    String embed(@PathVariable String name, HttpServletRequest request, Model model) {
        player(seen.find(name), null, request, model);
        return "channel/embed";
    }
}
