// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Access;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.VideoAccess;
import live.millrace.platform.recording.VideoAccess.Rights;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** The video that an address means, for whoever asks: what they may not see is not there, and nothing tells the two apart. */
@Component
class WatchedVideo {
    /** A video, its channel, and what whoever asks may do. */
    record Found(VideoView video, ChannelView channel, Rights rights) {}

    private static final String MISSING = "There is no such video.";

    private final Videos videos;
    private final Channels channels;
    private final VideoAccess access;

    WatchedVideo(Videos videos, Channels channels, VideoAccess access) {
        this.videos = videos;
        this.channels = channels;
        this.access = access;
    }

    static ResponseStatusException missing() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, MISSING);
    }

    /** @throws LockedException if they can do something to see it */
    Found find(String id, @Nullable AccountPrincipal person) {
        VideoView video = videos.find(id).orElseThrow(WatchedVideo::missing);
        ChannelView channel = channels.find(video.channelId()).orElseThrow(WatchedVideo::missing);
        if (!access.look(video, channel, person)) {
            Access closed = access.closed(channel, video.visibility(), person);
            throw closed.toldOf() ? new LockedException(MISSING, channel, closed) : missing();
        }
        return new Found(video, channel, access.of(channel, person));
    }

    /** Of a video's clips those that its page shows somebody. */
    Clips.Shown clips(Found found, @Nullable AccountPrincipal person) {
        return access.clips(found.video, found.channel, person);
    }

    /** One that somebody may change; to everybody else it is not there. */
    Found edited(String id, @Nullable AccountPrincipal person) {
        Found found = find(id, person);
        if (!found.rights.describes()) {
            throw missing();
        }
        return found;
    }

    /** The same for what is more than words: those who only describe are told that they may not. */
    Found decided(String id, @Nullable AccountPrincipal person) {
        Found found = edited(id, person);
        if (!found.rights.decides()) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Only who runs the channel may do that.");
        }
        return found;
    }

    /** One that was deleted, and that somebody may have back. */
    Optional<Found> deleted(String id, AccountPrincipal person) {
        return videos.deleted(id)
                .map(Videos.Deleted::video)
                .flatMap(video -> channels.find(video.channelId())
                        .map(channel -> new Found(video, channel, access.of(channel, person))))
                .filter(found -> found.rights.decides());
    }
}
