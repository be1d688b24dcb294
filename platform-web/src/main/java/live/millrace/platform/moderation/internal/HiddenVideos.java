// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.util.Optional;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.recording.Visibility;
import org.springframework.stereotype.Component;

/** Takes videos from view, and shows them again. */
@Component
class HiddenVideos {
    private final Videos videos;
    private final VideoDesk desk;

    HiddenVideos(Videos videos, VideoDesk desk) {
        this.videos = videos;
        this.desk = desk;
    }

    /** Hides one; answers who could see it before, and nothing where somebody else hid it or it is gone. */
    Optional<Visibility> hide(String id) {
        return videos.find(id).filter(video -> !videos.withheld(video)).map(video -> {
            desk.edit(id, VideoDesk.Edit.visibility(Visibility.PRIVATE), true);
            return video.visibility();
        });
    }

    /** Shows one that is hidden to those who could see it. */
    void show(String id, Visibility before) {
        videos.find(id).filter(videos::withheld).ifPresent(_ -> desk.edit(id, VideoDesk.Edit.visibility(before), true));
    }
}
