// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.recording.BelowVideo;
import live.millrace.platform.recording.ClipCard;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.recording.internal.videos.VideoViews;
import live.millrace.platform.shared.Markdown;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.util.UriUtils;

/** A video's page; its player alone, for pages elsewhere; and that somebody watched it. */
@Controller
class VideoPageController {
    private static final int CLIPS = 12;

    private final WatchedVideo watched;
    private final PlayedVideo played;
    private final Videos videos;
    private final VideoViews views;
    private final Follows follows;
    private final Categories categories;
    private final RecordingRules rules;
    private final TicketedMedia media;
    private final Clips clipsOf;
    private final BelowVideo below;

    VideoPageController(
            WatchedVideo watched,
            PlayedVideo played,
            Videos videos,
            VideoViews views,
            Follows follows,
            Categories categories,
            RecordingRules rules,
            TicketedMedia media,
            Clips clipsOf,
            BelowVideo below) {
        this.watched = watched;
        this.played = played;
        this.videos = videos;
        this.views = views;
        this.follows = follows;
        this.categories = categories;
        this.rules = rules;
        this.media = media;
        this.clipsOf = clipsOf;
        this.below = below;
    }

    /** A stretch that is missing: how long it was, and where it would be. */
    public record Missing(long seconds, String at) {}

    @GetMapping("/videos/{video}")
    String page(
            @PathVariable String video,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        try {
            return page(watched.find(video, principal), principal, request, model);
        } catch (LockedException locked) {
            return locked.page("/videos/" + video, request.getParameter("password"), model);
        }
    }

    private String page(
            WatchedVideo.Found found, @Nullable AccountPrincipal principal, HttpServletRequest request, Model model) {
        ChannelView channel = found.channel();
        VideoView shown = found.video();
        played.show(found, principal, request, model);
        model.addAttribute(
                "follows",
                principal != null
                        && follows.since(principal.accountId(), channel.id()).isPresent());
        model.addAttribute("owner", principal != null && principal.accountId() == channel.accountId());
        model.addAttribute("aboutHtml", shown.description().isBlank() ? "" : Markdown.html(shown.description()));
        model.addAttribute("tags", videos.tags(shown));
        model.addAttribute("category", category(shown).orElse(null));
        model.addAttribute("uploaded", videos.uploaded(shown));
        model.addAttribute(
                "missing",
                shown.gaps().stream()
                        .map(gap -> new Missing(
                                Math.max(1, Math.round(gap.lostMillis() / 1_000.0)), VideoCard.clock(gap.atMillis())))
                        .toList());
        boolean clips = rules.of(channel.id()).clips();
        model.addAttribute("clipsFrom", clips ? "/api/v1/clips/window?video=" + shown.id() : null);
        model.addAttribute(
                "clips",
                clipsOf.ofVideo(shown.id(), watched.clips(found, principal), CLIPS).stream()
                        .map(clip -> new ClipCard(clip, channel))
                        .toList());
        boolean file = mayDownload(found);
        model.addAttribute("download", file ? file(found, ".mp4", request) : null);
        model.addAttribute("downloadSound", file && videos.sounds(shown) ? file(found, ".m4a", request) : null);
        below.show(shown, channel, principal, request, model);
        return "video/page";
    }

    private Optional<CategoryView> category(VideoView video) {
        Long id = video.categoryId();
        return id == null
                ? Optional.empty()
                : categories.all().stream().filter(one -> one.id() == id).findFirst();
    }

    /** It has another origin than the page: that it is to be saved, and as what, its address says. */
    private String file(WatchedVideo.Found found, String ending, HttpServletRequest request) {
        VideoView video = found.video();
        String title = video.title().isBlank() ? found.channel().name() : video.title();
        String name = title + " " + LocalDate.ofInstant(video.startedAt(), ZoneOffset.UTC) + ending;
        return media.video(
                request,
                found.channel(),
                video.visibility(),
                video.id() + ending + "?download=" + UriUtils.encode(name, StandardCharsets.UTF_8));
    }

    /** Media gives it to whoever has the address: this says who is shown it. */
    private boolean mayDownload(WatchedVideo.Found found) {
        return !found.video().recording()
                && (found.rights().describes() || rules.of(found.channel().id()).downloads());
    }

    /** The player alone. It knows nobody: no cookie reaches a frame of another site. */
    @GetMapping("/embed/videos/{video}")
    String embed(@PathVariable String video, HttpServletRequest request, Model model) {
        played.show(watched.find(video, null), null, request, model);
        return "video/embed";
    }

    /** Told by the page's script after some seconds of watching; counted once for each who watches, and day. */
    @PostMapping("/videos/{video}/view")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void view(
            @PathVariable String video,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request) {
        VideoView seen = watched.find(video, principal).video();
        String remote = String.valueOf(request.getRemoteAddr());
        views.count(
                seen.id(),
                principal == null
                        ? remote + "\n" + request.getHeader("User-Agent")
                        : Long.toString(principal.accountId()),
                remote);
    }
}
