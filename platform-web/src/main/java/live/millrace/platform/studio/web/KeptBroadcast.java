// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.recording.RecordingSwitch;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What the dashboard says of the recording of a broadcast: whether it is kept, and what it takes. */
@Component
class KeptBroadcast {
    private final Videos videos;
    private final RecordingSwitch recording;

    KeptBroadcast(Videos videos, RecordingSwitch recording) {
        this.videos = videos;
        this.recording = recording;
    }

    /** The newest, if it is being recorded. */
    Optional<VideoView> running(ChannelView channel) {
        return videos.ofChannel(channel.id(), true, Optional.empty(), 1).stream()
                .filter(VideoView::recording)
                .findFirst();
    }

    void show(ChannelView channel, Model model) {
        model.addAttribute("kept", recording.kept(channel.id()));
        Optional<VideoView> running = running(channel);
        model.addAttribute("running", running.orElse(null));
        model.addAttribute(
                "runningSize",
                running.map(video -> new VideoCard(video, channel, null).size()).orElse(""));
    }
}
