// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;

/** What is recorded, and for how long: the site's word, and a channel's own where it has one. */
public interface RecordingRules {
    /**
     * What holds for a channel.
     *
     * @param recorded broadcasts are kept
     * @param keepDays so long after their end; null for as long as there is room
     * @param rewindMinutes how far viewers may go back in what is live: 0 for not at all, {@link #ALL} for all of it
     * @param visibility of a video when it is made
     * @param downloads viewers may download
     * @param clips viewers may make clips
     */
    record Rules(
            boolean recorded,
            @Nullable Integer keepDays,
            int rewindMinutes,
            Visibility visibility,
            boolean downloads,
            boolean clips) {}

    /**
     * What a channel's owner says; null for what the site says.
     *
     * @param keepDays never longer than the site allows
     */
    record Choice(
            @Nullable Boolean recorded,
            @Nullable Integer keepDays,
            @Nullable Integer rewindMinutes,
            @Nullable Visibility visibility,
            @Nullable Boolean downloads,
            @Nullable Boolean clips) {}

    /** To the beginning of the broadcast. */
    int ALL = 100_000;

    Rules of(long channelId);

    Choice choice(long channelId);

    void choose(long channelId, Choice choice);
}
