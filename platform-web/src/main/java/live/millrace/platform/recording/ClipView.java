// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;

/**
 * A clip as pages and programs see it.
 *
 * @param id its public name
 * @param maker null when whoever made it is gone
 * @param fromMillis where it begins, in media time of the video that it was made of
 * @param visibility who may see it, of those who may see what it is held by
 * @param held who may see what it was made of, as far as that holds it: everybody where it has bytes of its own
 * @param video what it was made of; null once that is gone
 * @param recording what holds its bytes: the video, or a recording of its own
 * @param own it has a recording of its own
 * @param startedAt the wall clock at the first picture of the recording
 * @param picture the address of a picture of it; null where there is none, or not everybody may see it at once
 */
public record ClipView(
        String id,
        long channelId,
        String channel,
        String title,
        @Nullable Maker maker,
        Instant madeAt,
        long fromMillis,
        long toMillis,
        long views,
        boolean mature,
        Visibility visibility,
        Visibility held,
        @Nullable Source video,
        String recording,
        boolean own,
        Instant startedAt,
        @Nullable String picture) {
    /** Who made it. */
    public record Maker(long accountId, String name) {}

    /** The video that it was made of, and what that is called; empty when it has no name. */
    public record Source(String id, String title) {}

    /** Who may see it: its maker, also of what is for fewer, as long as they may see what it was made of. */
    public Visibility shown() {
        return visibility.and(held);
    }

    public long durationMillis() {
        return toMillis - fromMillis;
    }

    /** What to ask of its recording for it alone: {@code start=5000&end=9000}; empty where all of it is the clip. */
    public String range() {
        return own ? "" : "start=" + fromMillis + "&end=" + toMillis;
    }
}
