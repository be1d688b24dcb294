// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import java.time.Instant;

/**
 * One media segment (RFC 8216 §3).
 *
 * @param mediaSequence its media sequence number
 * @param discontinuitySequence its discontinuity sequence number
 * @param discontinuity EXT-X-DISCONTINUITY stands before it
 * @param duration in units of 90 kHz
 * @param programDateTime the wall clock at its first access unit
 * @param independent it starts with a random access point
 * @param content MPEG-TS packets, read-only; whoever gets the segment owns one reference
 */
public record MediaSegment(
        long mediaSequence,
        long discontinuitySequence,
        boolean discontinuity,
        long duration,
        Instant programDateTime,
        boolean independent,
        ByteBuf content) {}
