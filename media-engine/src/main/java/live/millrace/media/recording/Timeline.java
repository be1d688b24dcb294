// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where in a recording what comes has its place. A <i>stretch</i> is what was cut without a break; each begins where the one before ended,
 * and what was lost between them is a gap once something of the new one is whole. Not thread-safe.
 */
final class Timeline {
    /** A break that lost less is none that anybody would miss. */
    private static final long LEAST_GAP_MILLIS = 100;

    private static final int TICKS_PER_MILLI = 90;

    /** The highest number of a stretch that was seen, and the lowest that is taken: what is in between began before something was lost. */
    private long newest = -1;

    private long least;

    // The stretch.
    private long stretch = -1;
    private long stretchStart;
    private long stretchBaseMillis;
    private @Nullable RecordingGap gapBefore;

    /** Where the last whole segment ends, in media time and by the wall clock. */
    private long endMillis;

    private @Nullable Instant endedAt;
    private RecordingGap.@Nullable Cause gapCause;

    /** Whether a part has a place: of a stretch that something was lost of, nothing more has. */
    boolean takes(PartFacts part) {
        newest = Math.max(newest, part.stretch());
        return part.stretch() >= least;
    }

    /** Whether a part is the first of a stretch. */
    boolean breaks(PartFacts part) {
        return part.stretch() != stretch;
    }

    /** Whether there is anything before this stretch. */
    boolean hasEarlier() {
        return stretchStart > 0;
    }

    /**
     * Where a span begins whose first part that is.
     *
     * @param baseMillis its decode time
     */
    long start(PartFacts part, long baseMillis) {
        return breaks(part) ? endMillis : Math.max(stretchStart, stretchStart + baseMillis - stretchBaseMillis);
    }

    /** A span began: if it begins a stretch, so be it. */
    void begun(PartFacts part, long baseMillis) {
        if (!breaks(part)) {
            return;
        }
        stretch = part.stretch();
        stretchStart = endMillis;
        stretchBaseMillis = baseMillis;
        Instant before = endedAt;
        long lost = before == null ? 0 : Duration.between(before, part.time()).toMillis();
        RecordingGap.Cause cause = gapCause == null ? RecordingGap.Cause.ENCODER : gapCause;
        gapBefore = lost >= LEAST_GAP_MILLIS ? new RecordingGap(stretchStart, lost, cause) : null;
    }

    /**
     * A segment is whole.
     *
     * @param millis where it ends
     * @return what was lost before the stretch, if it is the first of it
     */
    Optional<RecordingGap> ended(long millis, RecordedSegment segment) {
        endMillis = Math.max(endMillis, millis);
        Instant end = segment.programDateTime().plusMillis(segment.duration() / TICKS_PER_MILLI);
        endedAt = endedAt == null || endedAt.isBefore(end) ? end : endedAt;
        Optional<RecordingGap> gap = Optional.ofNullable(gapBefore);
        gapBefore = null;
        gapCause = null;
        return gap;
    }

    /** Something was lost: of what is whole nothing changes, and what comes is taken from the next stretch on. */
    void interrupt(RecordingGap.Cause cause) {
        skip();
        gapCause = gapCause == null ? cause : gapCause;
    }

    /** Takes nothing more of the stretches that were seen. */
    void skip() {
        least = newest + 1;
    }

    /** Where the last whole segment ends, in media time. */
    long endMillis() {
        return endMillis;
    }

    /** The same by the wall clock; empty without any. */
    Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }
}
