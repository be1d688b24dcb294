// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.recording.VideoCard.Activity;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Makes cards of videos. Thread-safe. */
@Component
public class VideoCards {
    private final Videos videos;
    private final Channels channels;
    private final ObjectProvider<Engine> engine;
    private final RecordingSwitch recording;

    VideoCards(Videos videos, Channels channels, ObjectProvider<Engine> engine, RecordingSwitch recording) {
        this.videos = videos;
        this.channels = channels;
        this.engine = engine;
        this.recording = recording;
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
                .flatMap(
                        video -> Optional.ofNullable(known.get(video.channelId()))
                                .map(channel -> card(video, channel, pictures))
                                .stream())
                .toList();
    }

    public VideoCard of(VideoView video, ChannelView channel) {
        return card(video, channel, pictures(List.of(video)));
    }

    private VideoCard card(VideoView video, ChannelView channel, Map<String, String> pictures) {
        return new VideoCard(video, channel, pictures.get(video.id()), video.recording() ? activity(video) : null);
    }

    private Activity activity(VideoView video) {
        boolean there = engine.getObject()
                .live(video.channel())
                .filter(live -> live.state() != LiveState.RECONNECTING)
                .isPresent();
        if (!there) {
            return Activity.AWAY;
        }
        return recording.kept(video.channelId()) ? Activity.RUNNING : Activity.PAUSED;
    }

    private Map<String, String> pictures(List<VideoView> all) {
        return videos.pictures(all.stream().filter(video -> !video.mature()).toList());
    }
}
