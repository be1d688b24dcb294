// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.VideoAccess;
import live.millrace.platform.recording.VideoChapter;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.VideoState;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Videos for programs. */
@RestController
@RequestMapping("/api/v1")
class VideoApi {
    private static final int MAX_PAGE = 100;

    /** A stretch that was not kept; it takes no time of the video. */
    record Gap(long atMillis, long lostMillis, String cause) {
        static Gap of(VideoView.Gap gap) {
            return new Gap(gap.atMillis(), gap.lostMillis(), gap.cause());
        }
    }

    record Chapter(Instant at, long atMillis, String title) {
        static Chapter of(VideoChapter chapter) {
            return new Chapter(chapter.at(), chapter.atMillis(), chapter.title());
        }
    }

    /** A video in a list. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listed(
            String id,
            String title,
            VideoState state,
            Visibility visibility,
            long durationMillis,
            long bytes,
            long views,
            Instant startedAt,
            @Nullable Instant endedAt,
            List<Gap> gaps) {
        static Listed of(VideoView video) {
            return new Listed(
                    video.id(),
                    video.title(),
                    video.state(),
                    video.visibility(),
                    video.durationMillis(),
                    video.bytes(),
                    video.views(),
                    video.startedAt(),
                    video.endedAt(),
                    video.gaps().stream().map(Gap::of).toList());
        }
    }

    /** A video with all that is known of it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Whole(
            String id,
            String channel,
            String title,
            String description,
            VideoState state,
            Visibility visibility,
            boolean mature,
            List<String> tags,
            long durationMillis,
            long bytes,
            long views,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Instant expiresAt,
            boolean pinned,
            List<Gap> gaps,
            List<Chapter> chapters) {}

    /**
     * What shall be otherwise; what is missing stays as it is.
     *
     * @param pinned it is kept whatever its age
     * @param reason why: wanted of staff
     */
    record Changes(
            @Nullable String title,
            @Nullable String description,
            @Nullable Visibility visibility,
            @Nullable Boolean pinned,
            @Nullable String reason) {}

    private final WatchedVideo watched;
    private final Videos videos;
    private final Channels channels;
    private final VideoAccess access;
    private final StaffActs acts;
    private final MessageSource messages;

    VideoApi(
            WatchedVideo watched,
            Videos videos,
            Channels channels,
            VideoAccess access,
            StaffActs acts,
            MessageSource messages) {
        this.watched = watched;
        this.videos = videos;
        this.channels = channels;
        this.access = access;
        this.acts = acts;
        this.messages = messages;
    }

    /**
     * A channel's videos, the newest first; unlisted and private ones for those who run it.
     *
     * @param before the id of the last video of the page before
     */
    @GetMapping("/channels/{name}/videos")
    List<Listed> list(
            @PathVariable String name,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String before,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        ChannelView channel = channels.find(name)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such channel."));
        return videos
                .ofChannel(
                        channel.id(),
                        access.listed(channel, principal),
                        Optional.ofNullable(before),
                        Math.clamp(limit, 1, MAX_PAGE))
                .stream()
                .map(Listed::of)
                .toList();
    }

    private Whole whole(WatchedVideo.Found found) {
        VideoView video = found.video();
        return new Whole(
                video.id(),
                found.channel().name(),
                video.title(),
                video.description(),
                video.state(),
                video.visibility(),
                video.mature(),
                videos.tags(video),
                video.durationMillis(),
                video.bytes(),
                video.views(),
                video.startedAt(),
                video.endedAt(),
                // When it goes is for those who can do something about it.
                found.rights().sees() ? video.expiresAt() : null,
                video.pinned(),
                video.gaps().stream().map(Gap::of).toList(),
                videos.chapters(video).stream().map(Chapter::of).toList());
    }

    @GetMapping("/videos/{video}")
    Whole video(@PathVariable String video, @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        return whole(watched.find(video, principal));
    }

    private ResponseStatusException refused(String key, Locale locale) {
        HttpStatus status = key.equals("video.said.running") ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT;
        return new ResponseStatusException(status, messages.getMessage(key, null, locale));
    }

    @PatchMapping("/videos/{video}")
    Whole change(
            @PathVariable String video,
            @RequestBody Changes changes,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        boolean decides = changes.visibility() != null || changes.pinned() != null;
        WatchedVideo.Found found = decides ? watched.decided(video, principal) : watched.edited(video, principal);
        acts.edit(
                        found,
                        principal,
                        new VideoDesk.Edit(
                                changes.title(), changes.description(), changes.visibility(), changes.pinned()),
                        Optional.ofNullable(changes.reason()).orElse(""))
                .ifPresent(key -> {
                    throw refused(key, locale);
                });
        return whole(watched.find(video, principal));
    }

    /** Deletes a video; for a week it can be had back in the studio. */
    @DeleteMapping("/videos/{video}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @PathVariable String video,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        acts.delete(watched.decided(video, principal), principal, reason).ifPresent(key -> {
            throw refused(key, locale);
        });
    }
}
