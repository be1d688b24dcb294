// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Locale;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.recording.ClipDesk;
import live.millrace.platform.recording.internal.videos.VideoTime;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What the player's dialog begins with: of which stretch a clip can be made, and which of it is proposed. */
@RestController
class ClipWindowController {
    private static final long LIVE_WINDOW = 90_000;
    private static final long PROPOSED = 30_000;

    /** Years; what is more is no time. */
    private static final long MOST_MILLIS = 100_000_000_000_000L;

    /**
     * A stretch, in media time of the video.
     *
     * @param playlist of all of the video
     * @param fromMillis where the stretch begins
     * @param startMillis where the proposed clip begins
     * @param make where a clip is asked for
     */
    record Window(
            String playlist,
            long fromMillis,
            long toMillis,
            long startMillis,
            long endMillis,
            long leastMillis,
            long mostMillis,
            String title,
            String make) {}

    private final FoundClip clips;
    private final WatchedVideo watched;
    private final ClipDesk desk;
    private final Channels channels;
    private final TicketedMedia media;

    ClipWindowController(FoundClip clips, WatchedVideo watched, ClipDesk desk, Channels channels, TicketedMedia media) {
        this.clips = clips;
        this.watched = watched;
        this.desk = desk;
        this.channels = channels;
        this.media = media;
    }

    /**
     * Of what a channel has on air, or of a video.
     *
     * @param at what is shown: of a video in media time, of what is live the wall clock in milliseconds of the epoch, missing at its edge
     */
    @GetMapping("/api/v1/clips/window")
    Window window(
            @RequestParam(defaultValue = "") String channel,
            @RequestParam(defaultValue = "") String video,
            @RequestParam(required = false) @Nullable Long at,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            Locale locale) {
        if (channel.isEmpty() == video.isEmpty() || (at != null && (at < 0 || at > MOST_MILLIS))) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "One of channel and video, and a time.");
        }
        ClipDesk.Source source = channel.isEmpty() ? ofVideo(video, principal) : live(channel, principal, locale);
        desk.against(source.channel(), principal).ifPresent(key -> {
            throw clips.refused(key, locale);
        });
        if (source.durationMillis() < source.leastMillis()) {
            throw clips.refused("clip.said.short", locale);
        }
        return window(source, at, request);
    }

    private ClipDesk.Source ofVideo(String id, AccountPrincipal principal) {
        WatchedVideo.Found found = watched.find(id, principal);
        return desk.of(found.video(), found.channel());
    }

    private ClipDesk.Source live(String name, AccountPrincipal principal, Locale locale) {
        ChannelView channel = channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        return clips.live(channel, principal, locale);
    }

    private Window window(ClipDesk.Source source, @Nullable Long at, HttpServletRequest request) {
        String id = source.video().id();
        long whole = source.durationMillis();
        long shown = whole;
        if (at != null) {
            shown = Math.min(whole, source.live() ? VideoTime.media(source.video(), Instant.ofEpochMilli(at)) : at);
        }
        long length = Math.min(whole, source.live() ? LIVE_WINDOW : source.mostMillis());
        // What is live was just seen; of a video it is as much to come.
        long end = Math.clamp(shown + (source.live() ? 0 : length / 2), length, whole);
        long from = end - length;
        long proposed = Math.min(length, PROPOSED);
        long start = Math.clamp(source.live() ? shown - proposed : shown - proposed / 2, from, end - proposed);
        return new Window(
                media.video(request, source.channel(), source.video().visibility(), id + "/index.m3u8"),
                from,
                end,
                start,
                start + proposed,
                source.leastMillis(),
                source.mostMillis(),
                source.video().title(),
                // The broadcast may be over by the time that somebody has chosen.
                "/api/v1/videos/" + id + "/clips");
    }
}
