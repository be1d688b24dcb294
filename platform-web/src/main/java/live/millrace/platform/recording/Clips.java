// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.List;
import java.util.Optional;

/** Clips for whoever shows them. Those of videos that are private or were deleted are found nowhere. Thread-safe. */
public interface Clips {
    Optional<ClipView> find(String id);

    /**
     * Of a channel, the newest first: those of public videos.
     *
     * @param before only those that were made before the one with this id; empty for the newest
     */
    List<ClipView> ofChannel(long channelId, Optional<String> before, int most);

    /** Of a video, the newest first. */
    List<ClipView> ofVideo(String video, int most);
}
