// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.VideoChapter;
import live.millrace.platform.recording.VideoSocial;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.recording.internal.replay.Positions;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;
import tools.jackson.databind.json.JsonMapper;

/** What a page with a video's player on it knows. */
@Component
class PlayedVideo {
    private final Videos videos;
    private final VideoCards cards;
    private final Positions positions;
    private final TicketedMedia media;
    private final SiteAddress address;
    private final JsonMapper json;
    private final MessageSource messages;

    PlayedVideo(
            Videos videos,
            VideoCards cards,
            Positions positions,
            TicketedMedia media,
            SiteAddress address,
            JsonMapper json,
            MessageSource messages) {
        this.videos = videos;
        this.cards = cards;
        this.positions = positions;
        this.media = media;
        this.address = address;
        this.json = json;
        this.messages = messages;
    }

    /** A chapter, and the second that a link to it begins at. */
    public record Chapter(String at, long second, String title) {}

    /** @param watcher null for whoever is not signed in */
    void show(WatchedVideo.Found found, @Nullable AccountPrincipal watcher, HttpServletRequest request, Model model) {
        VideoView video = found.video();
        VideoCard card = cards.of(video, found.channel());
        List<VideoChapter> chapters = named(videos.chapters(video));
        Optional<VideoCard> next = videos.after(video).map(after -> cards.of(after, found.channel()));
        String playlist = media.video(request, found.channel(), video.visibility(), video.playlist());
        model.addAttribute("video", video);
        model.addAttribute("card", card);
        model.addAttribute("channel", found.channel());
        model.addAttribute("rights", found.rights());
        model.addAttribute("playlist", playlist);
        model.addAttribute("ticket", media.topic(request, found.channel()));
        model.addAttribute("cdn", media.cdn(request, found.channel()));
        model.addAttribute("next", next.orElse(null));
        model.addAttribute(
                "chapters",
                chapters.stream()
                        .map(one -> new Chapter(VideoCard.clock(one.atMillis()), one.atMillis() / 1_000, one.title()))
                        .toList());
        model.addAttribute(
                "social", !video.visibility().open() ? null : VideoSocial.of(card, address.originFor(request), json));
        model.addAttribute("noindex", video.visibility() != Visibility.PUBLIC);
        model.addAttribute("island", island(video, playlist, chapters, next, watcher));
    }

    /** One without a name is called by its place, in the words of whoever reads. */
    private List<VideoChapter> named(List<VideoChapter> chapters) {
        return IntStream.range(0, chapters.size())
                .mapToObj(place -> chapters.get(place).unnamed()
                        ? new VideoChapter(
                                chapters.get(place).at(),
                                chapters.get(place).atMillis(),
                                messages.getMessage(
                                        "video.chapter.unnamed",
                                        new Object[] {place + 1},
                                        LocaleContextHolder.getLocale()))
                        : chapters.get(place))
                .toList();
    }

    /** As JSON that may stand in a script element. */
    private String island(
            VideoView video,
            String playlist,
            List<VideoChapter> chapters,
            Optional<VideoCard> next,
            @Nullable AccountPrincipal watcher) {
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
        OptionalLong position = watcher == null ? OptionalLong.empty() : positions.of(watcher.accountId(), video.id());
        position.ifPresent(at -> told.put("positionMillis", at));
        told.put("view", "/videos/" + video.id() + "/view");
        next.ifPresent(card ->
                told.put("next", Map.of("href", "/videos/" + card.video().id(), "title", card.title())));
        // Nothing in it can end the script element that it stands in.
        return json.writeValueAsString(told)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }
}
