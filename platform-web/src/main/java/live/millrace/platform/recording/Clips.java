// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;

/** Clips for whoever shows them. Those of videos that were deleted are found nowhere. Thread-safe. */
public interface Clips {
    Optional<ClipView> find(String id);

    /**
     * Whose lists have which.
     *
     * @param visibilities those that whoever asks is shown
     * @param maker whose own are shown whatever their visibility; null for nobody's
     */
    record Shown(Set<Visibility> visibilities, @Nullable Long maker) {}

    /**
     * Of a channel, the newest first.
     *
     * @param before only those that were made before the one with this id; empty for the newest
     */
    List<ClipView> ofChannel(long channelId, Shown shown, Optional<String> before, int most);

    /** Of a video, the newest first. */
    List<ClipView> ofVideo(String video, Shown shown, int most);
}
