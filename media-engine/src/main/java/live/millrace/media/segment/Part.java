// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import java.time.Instant;

/**
 * A partial segment (rfc8216bis §4.4.4.9): a movie fragment with its data.
 *
 * @param mediaSequence of the segment that it is a part of
 * @param discontinuitySequence of the segment
 * @param index within the segment
 * @param duration in units of 90 kHz
 * @param segmentTime the wall clock at the segment's first access unit
 * @param discontinuity EXT-X-DISCONTINUITY stands before the segment
 * @param independent it starts with a random access point
 * @param content read-only; whoever gets the part owns one reference
 */
public record Part(
        long mediaSequence,
        long discontinuitySequence,
        int index,
        long duration,
        boolean independent,
        Instant segmentTime,
        boolean discontinuity,
        ByteBuf content) {
    /** The same with a reference of its own, for one listener more. */
    Part retained() {
        return new Part(
                mediaSequence,
                discontinuitySequence,
                index,
                duration,
                independent,
                segmentTime,
                discontinuity,
                content.retainedDuplicate());
    }
}
