// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.recording.RecordingSwitch;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.shared.ByteSizes;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What the dashboard says of the recording of a broadcast: whether it is kept, and what it takes. */
@Component
class KeptBroadcast {
    /** Files that came meanwhile may be newer. */
    private static final int LOOKED_AT = 10;

    private final Videos videos;
    private final RecordingSwitch recording;

    KeptBroadcast(Videos videos, RecordingSwitch recording) {
        this.videos = videos;
        this.recording = recording;
    }

    /** What is being recorded now. */
    Optional<VideoView> running(ChannelView channel) {
        return recording.running(channel.name()).flatMap(videos::find).filter(VideoView::recording);
    }

    /** What was recorded of the broadcast that is on, and may go on. */
    private boolean paused(ChannelView channel) {
        return videos.allOfChannel(channel.id(), Optional.empty(), LOOKED_AT).stream()
                .anyMatch(VideoView::recording);
    }

    /** @param camera whether it is fetched: nothing of that is recorded by itself */
    void show(ChannelView channel, boolean camera, Model model) {
        Optional<VideoView> running = running(channel);
        boolean kept = recording.kept(channel.id()) && (!camera || running.isPresent());
        model.addAttribute("kept", kept);
        model.addAttribute("recordingPaused", !kept && paused(channel));
        model.addAttribute("running", running.orElse(null));
        model.addAttribute(
                "runningSize",
                running.map(video -> ByteSizes.text(video.bytes())).orElse(""));
    }
}
