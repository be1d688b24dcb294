// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;
import java.util.Optional;

/**
 * Trims videos at random access points, without encoding anything anew. Whoever calls has asked {@link VideoAccess} first. Clips of a trimmed
 * video keep what they show. Thread-safe; blocks for the disk.
 */
public interface VideoTrim {
    /** Less is no video. */
    long LEAST_MILLIS = 1_000;

    /** What a page shows of a length is rounded. */
    long SLACK_MILLIS = 2_000;

    /**
     * Keeps of a video what lies between two moments, and as much more as a picture needs. What it was before can be had back for a week.
     *
     * @param fromMillis in media time
     * @param toMillis likewise
     * @return a message key that says what stands against it; empty when it is done
     */
    Optional<String> trim(String id, long fromMillis, long toMillis);

    /** Makes it what it was before it was trimmed; answers whether it could be. */
    boolean restore(String id);

    /** Until when it can be had back; empty when it was not trimmed, or too long ago. */
    Optional<Instant> until(String id);
}
