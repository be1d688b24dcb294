// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.function.Consumer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * One media segment of one track (RFC 8216 §3): movie fragments in a row, with a table of the access units inside, so that another
 * container can be made of them.
 *
 * @param mediaSequence the same for all tracks at the same time
 * @param discontinuitySequence its discontinuity sequence number
 * @param discontinuity EXT-X-DISCONTINUITY stands before it
 * @param duration in units of 90 kHz
 * @param programDateTime the wall clock at its first access unit
 * @param independent it starts with a random access point
 * @param forcedCut it ended because it was long enough, and not at a random access point
 * @param content movie fragments, read-only
 */
public record TrackSegment(
        Track track,
        long mediaSequence,
        long discontinuitySequence,
        boolean discontinuity,
        long baseDecodeTime,
        long duration,
        Instant programDateTime,
        boolean independent,
        boolean forcedCut,
        SampleTable samples,
        ByteBuf content) {
    /** Lends each access unit, its payload a slice of the content. */
    public void frames(Consumer<MediaFrame> to) {
        long time = baseDecodeTime;
        for (int i = 0; i < samples.size(); i++) {
            to.accept(new MediaFrame(
                    track,
                    time,
                    samples.compositionTimeOffset(i),
                    samples.sync(i),
                    content.slice(samples.offset(i), samples.bytes(i))));
            time += samples.duration(i);
        }
    }

    /** The same with a reference of its own, for one listener more. */
    TrackSegment retained() {
        return new TrackSegment(
                track,
                mediaSequence,
                discontinuitySequence,
                discontinuity,
                baseDecodeTime,
                duration,
                programDateTime,
                independent,
                forcedCut,
                samples,
                content.retainedDuplicate());
    }
}
