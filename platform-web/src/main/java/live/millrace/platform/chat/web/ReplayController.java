// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.ReplayedMessages;
import live.millrace.platform.chat.internal.room.ReplayedMessages.Replay;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.WatchedVideos;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * What was said while a video was on air, or in what is live as far as one may go back. A page asks for the minute that its picture comes
 * to; without a beginning it gets the last messages before the end. Nothing outside the video's time is told.
 */
@RestController
class ReplayController {
    /** More at once no page needs. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final ReplayedMessages messages;
    private final LiveRooms rooms;
    private final Channels channels;
    private final WatchedVideos videos;
    private final RecordingRules rules;
    private final Engine engine;
    private final Audience audience;
    private final Viewers viewers;
    private final Clock clock;

    ReplayController(
            ReplayedMessages messages,
            LiveRooms rooms,
            Channels channels,
            WatchedVideos videos,
            RecordingRules rules,
            Engine engine,
            Audience audience,
            Viewers viewers,
            Clock clock) {
        this.messages = messages;
        this.rooms = rooms;
        this.channels = channels;
        this.videos = videos;
        this.rules = rules;
        this.engine = engine;
        this.audience = audience;
        this.viewers = viewers;
        this.clock = clock;
    }

    @GetMapping("/api/v1/videos/{id}/messages")
    Replay ofVideo(
            @PathVariable String id,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable Instant from,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) Instant to,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        VideoView video =
                videos.find(id, principal).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        ChannelView channel =
                channels.find(video.channelId()).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        return said(
                channel,
                from,
                to,
                video.startedAt(),
                video.endedAt() == null ? clock.instant() : video.endedAt(),
                ReplayedMessages.ALL);
    }

    @GetMapping("/api/v1/channels/{name}/messages")
    Replay ofBroadcast(
            @PathVariable String name,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable Instant from,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) Instant to) {
        ChannelView channel = rooms.channel(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        Viewer viewer = viewers.current();
        if (!audience.access(channel, viewer).open()) {
            return Replay.NONE;
        }
        Instant now = clock.instant();
        RecordingRules.Rules kept = rules.of(channel.id());
        Instant earliest = kept.recorded() ? now.minus(Duration.ofMinutes(kept.rewindMinutes())) : now;
        Instant began = engine.live(channel.name()).map(LiveView::startedAt).orElse(now);
        Room room = rooms.room(channel);
        // Of what is live others saw the beginning, perhaps.
        long above = room.moderates(viewer.person()) ? ReplayedMessages.ALL : room.floor();
        return said(channel, from, to, began.isAfter(earliest) ? began : earliest, now, above);
    }

    /**
     * @param began of the time that one may ask about
     * @param ended of the same
     * @param above of messages with higher numbers
     */
    private Replay said(
            ChannelView channel, @Nullable Instant from, Instant to, Instant began, Instant ended, long above) {
        if (from != null && (to.isBefore(from) || Duration.between(from, to).compareTo(LONGEST) > 0)) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "Ask for ten minutes at most, the earlier time first.");
        }
        Instant first = from == null || from.isBefore(began) ? began : from;
        Instant last = to.isAfter(ended) ? ended : to;
        if (!first.isBefore(last)) {
            return Replay.NONE;
        }
        return from == null
                ? messages.lastBefore(rooms.room(channel), first, last, above)
                : messages.between(rooms.room(channel), first, last, above);
    }
}
