// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.internal.below.Commenter;
import live.millrace.platform.chat.internal.below.ShownComments;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.WatchedVideos;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** The video that an address means, for whoever asks: what they may not see is not there, and nothing tells the two apart. */
@Component
class CommentedVideo {
    /** @param asking whoever asks; null of one who only reads */
    record Found(
            VideoView video, ChannelView channel, @Nullable Commenter asking) {
        /**
         * Whoever asks, as the author of what they ask for.
         *
         * @throws AccessDeniedException of one who only reads: they are told to log in
         */
        Commenter author() {
            if (asking == null) {
                throw new AccessDeniedException("Neither signed in nor a guest of this channel.");
            }
            return asking;
        }
    }

    private final WatchedVideos videos;
    private final Channels channels;
    private final ShownComments shown;
    private final Viewers viewers;

    CommentedVideo(WatchedVideos videos, Channels channels, ShownComments shown, Viewers viewers) {
        this.videos = videos;
        this.channels = channels;
        this.shown = shown;
        this.viewers = viewers;
    }

    Found find(String id, HttpServletRequest request) {
        Viewer viewer = viewers.of(request);
        return videos.find(id, viewer.person())
                .flatMap(video -> channels.find(video.channelId())
                        .map(channel -> new Found(
                                video, channel, shown.commenter(channel, viewer).orElse(null))))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such video."));
    }
}
