// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.VideoComments;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Videos, and comments below them, as far as they can be reported: those that whoever reports may see. */
@Component
class ReportedVideos {
    /** @param channel that it was broadcast on */
    record Video(VideoView video, ChannelView channel) {}

    record Comment(Video below, Talker by, StoredMessage said) {}

    private final Videos videos;
    private final VideoComments comments;
    private final Channels channels;
    private final Audience audience;

    ReportedVideos(Videos videos, VideoComments comments, Channels channels, Audience audience) {
        this.videos = videos;
        this.comments = comments;
        this.channels = channels;
        this.audience = audience;
    }

    Optional<Video> video(@Nullable String id, Viewer viewer) {
        return videos.find(id == null ? "" : id)
                .flatMap(video -> channels.find(video.channelId())
                        .filter(channel -> audience.access(channel, video.visibility(), viewer)
                                .open())
                        .map(channel -> new Video(video, channel)));
    }

    Optional<Comment> comment(@Nullable Long id, Viewer viewer) {
        return comments.find(id == null ? -1 : id)
                .filter(kept -> !kept.comment().removed())
                .flatMap(kept -> video(kept.video(), viewer)
                        .filter(below -> comments.open(below.channel().id()))
                        .flatMap(below -> kept.comment().by().map(by -> new Comment(below, by, kept.comment()))));
    }

    /** A comment and its neighbours, the oldest first. */
    List<StoredMessage> around(long comment, int each) {
        return comments.around(comment, each);
    }
}
