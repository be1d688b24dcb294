// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.WatchedVideos;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** The video that an address means, for whoever asks: what they may not see is not there, and nothing tells the two apart. */
@Component
class CommentedVideo {
    record Found(VideoView video, ChannelView channel) {}

    private final WatchedVideos videos;
    private final Channels channels;

    CommentedVideo(WatchedVideos videos, Channels channels) {
        this.videos = videos;
        this.channels = channels;
    }

    Found find(String id, @Nullable AccountPrincipal person) {
        return videos.find(id, person)
                .flatMap(video -> channels.find(video.channelId()).map(channel -> new Found(video, channel)))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such video."));
    }
}
