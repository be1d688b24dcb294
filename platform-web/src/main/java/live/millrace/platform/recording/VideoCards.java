// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import org.springframework.stereotype.Component;

/** Makes cards of videos. Thread-safe. */
@Component
public class VideoCards {
    private final Videos videos;
    private final Channels channels;

    VideoCards(Videos videos, Channels channels) {
        this.videos = videos;
        this.channels = channels;
    }

    /** In the same order; those whose channel is no more are left out. */
    public List<VideoCard> of(List<VideoView> all) {
        Map<Long, ChannelView> known =
                channels
                        .findAll(all.stream()
                                .map(VideoView::channelId)
                                .distinct()
                                .toList())
                        .stream()
                        .collect(Collectors.toMap(ChannelView::id, Function.identity()));
        Map<String, String> pictures = pictures(all);
        return all.stream()
                .flatMap(video -> Optional.ofNullable(known.get(video.channelId()))
                        .map(channel -> new VideoCard(video, channel, pictures.get(video.id())))
                        .stream())
                .toList();
    }

    public VideoCard of(VideoView video, ChannelView channel) {
        return new VideoCard(video, channel, pictures(List.of(video)).get(video.id()));
    }

    private Map<String, String> pictures(List<VideoView> all) {
        return videos.pictures(all.stream().filter(video -> !video.mature()).toList());
    }
}
