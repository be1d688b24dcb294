// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.List;
import java.util.Optional;

/** Videos for whoever shows them. Deleted ones are found nowhere but where it says so. */
public interface Videos {
    Optional<VideoView> find(String id);

    /**
     * Of a channel, the newest first.
     *
     * @param all unlisted and private ones as well: for those who run the channel
     * @param before only those that began before the one with this id; empty for the newest
     */
    List<VideoView> ofChannel(long channelId, boolean all, Optional<String> before, int most);

    /** Public ones of all channels, the newest first. */
    List<VideoView> recent(int most);

    /** Public ones whose words are like these. */
    List<VideoView> search(String words, int most);
}
