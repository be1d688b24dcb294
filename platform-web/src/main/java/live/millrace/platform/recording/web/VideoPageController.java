// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.VideoChapter;
import live.millrace.platform.recording.VideoSocial;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.recording.Visibility;
import live.millrace.platform.recording.internal.videos.VideoViews;
import live.millrace.platform.shared.Markdown;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import tools.jackson.databind.json.JsonMapper;

/** A video's page; its player alone, for pages elsewhere; and that somebody watched it. */
@Controller
class VideoPageController {
    private final WatchedVideo watched;
    private final Videos videos;
    private final VideoCards cards;
    private final VideoViews views;
    private final Follows follows;
    private final Categories categories;
    private final RecordingRules rules;
    private final MediaAddresses addresses;
    private final SiteAddress address;
    private final JsonMapper json;

    VideoPageController(
            WatchedVideo watched,
            Videos videos,
            VideoCards cards,
            VideoViews views,
            Follows follows,
            Categories categories,
            RecordingRules rules,
            MediaAddresses addresses,
            SiteAddress address,
            JsonMapper json) {
        this.watched = watched;
        this.videos = videos;
        this.cards = cards;
        this.views = views;
        this.follows = follows;
        this.categories = categories;
        this.rules = rules;
        this.addresses = addresses;
        this.address = address;
        this.json = json;
    }

    /** A stretch that is missing, in numbers that people read. */
    public record Missing(long seconds, String at) {}

    /** A chapter, and the second that a link to it begins at. */
    public record Chapter(String at, long second, String title) {}

    @GetMapping("/videos/{video}")
    String page(
            @PathVariable String video,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        WatchedVideo.Found found = watched.find(video, principal);
        ChannelView channel = found.channel();
        VideoView shown = found.video();
        player(found, request, model);
        model.addAttribute(
                "follows",
                principal != null
                        && follows.since(principal.accountId(), channel.id()).isPresent());
        model.addAttribute("owner", principal != null && principal.accountId() == channel.accountId());
        model.addAttribute("aboutHtml", shown.description().isBlank() ? "" : Markdown.html(shown.description()));
        model.addAttribute("tags", videos.tags(shown));
        model.addAttribute(
                "category",
                shown.categoryId() == null
                        ? null
                        : categories.all().stream()
                                .filter(one -> one.id() == shown.categoryId())
                                .findFirst()
                                .map(CategoryView.class::cast)
                                .orElse(null));
        model.addAttribute(
                "missing",
                shown.gaps().stream()
                        .map(gap -> new Missing(Math.max(1, gap.lostMillis() / 1_000), VideoCard.clock(gap.atMillis())))
                        .toList());
        boolean download = (found.rights().decides() || rules.of(channel.id()).downloads())
                && shown.visibility() != Visibility.PRIVATE
                && !shown.recording();
        model.addAttribute("download", download ? addresses.video(request, shown.id() + ".mp4") : null);
        return "video/page";
    }

    /** The player alone. It knows nobody: no cookie reaches a frame of another site. */
    @GetMapping("/embed/videos/{video}")
    String embed(@PathVariable String video, HttpServletRequest request, Model model) {
        player(watched.find(video, null), request, model);
        return "video/embed";
    }

    private void player(WatchedVideo.Found found, HttpServletRequest request, Model model) {
        VideoView video = found.video();
        VideoCard card = cards.of(video, found.channel());
        boolean hidden = video.visibility() == Visibility.PRIVATE;
        List<VideoChapter> chapters = videos.chapters(video);
        Optional<VideoCard> next = videos.after(video).map(after -> cards.of(after, found.channel()));
        String playlist = addresses.video(request, video.id() + "/index.m3u8");
        model.addAttribute("video", video);
        model.addAttribute("card", card);
        model.addAttribute("channel", found.channel());
        model.addAttribute("rights", found.rights());
        model.addAttribute("playlist", hidden ? null : playlist);
        model.addAttribute("poster", card.picture());
        model.addAttribute("next", next.orElse(null));
        model.addAttribute(
                "chapters",
                chapters.stream()
                        .map(one -> new Chapter(
                                VideoCard.clock(one.atMillis()), one.atMillis() / 1_000, one.title()))
                        .toList());
        model.addAttribute("social", hidden ? null : VideoSocial.of(card, address.originFor(request), json));
        model.addAttribute("noindex", video.visibility() != Visibility.PUBLIC);
        model.addAttribute("island", island(video, playlist, chapters, next));
    }

    /** What the page's player is told, as JSON that may stand in a script element. */
    private String island(
            VideoView video, String playlist, List<VideoChapter> chapters, Optional<VideoCard> next) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", video.id());
        told.put("playlist", playlist);
        told.put("startedAt", video.startedAt().toString());
        told.put("durationMillis", video.durationMillis());
        told.put(
                "chapters",
                chapters.stream()
                        .map(one -> Map.of("atMillis", one.atMillis(), "title", one.title()))
                        .toList());
        told.put(
                "gaps",
                video.gaps().stream()
                        .map(gap -> Map.of("atMillis", gap.atMillis(), "lostMillis", gap.lostMillis()))
                        .toList());
        told.put("view", "/videos/" + video.id() + "/view");
        next.ifPresent(card -> told.put(
                "next", Map.of("href", "/videos/" + card.video().id(), "title", card.title())));
        return json.writeValueAsString(told)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }

    /** Told by the page's script after some seconds of watching; once for each who watches, and day. */
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
