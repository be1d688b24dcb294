// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The segments of a span, packed: about eight bytes each. Immutable.
 *
 * <p>The form, all numbers as varints of seven bits, lowest first: a version; the first segment's sequence number, offset, and program
 * date time in milliseconds of the epoch; then for each segment, sequence number less that of the one before less one (0 for the first),
 * duration, bytes, and flags: 1 for independent, above it what the clock says beyond the last segment's end in milliseconds, folded
 * so that small negative numbers are small as well.
 */
public final class SegmentTable {
    /** A span of minutes has some hundreds; nothing that is read here has more. */
    static final int MOST = 1 << 16;

    private static final int VERSION = 1;
    private static final int TICKS_PER_MILLI = 90;

    /** Of a span that has no whole segment yet. */
    public static final SegmentTable EMPTY = new SegmentTable(new byte[0], 0, 0, 0, 0, 0);

    private final byte[] packed;
    private final int size;
    private final long firstSequence;
    private final long lastSequence;
    private final long duration;
    private final long end;

    private SegmentTable(byte[] packed, int size, long firstSequence, long lastSequence, long duration, long end) {
        this.packed = packed;
        this.size = size;
        this.firstSequence = firstSequence;
        this.lastSequence = lastSequence;
        this.duration = duration;
        this.end = end;
    }

    /**
     * Packs segments.
     *
     * @param segments by rising number, without a hole between their bytes
     */
    public static SegmentTable of(List<RecordedSegment> segments) {
        if (segments.isEmpty()) {
            return EMPTY;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 + 8 * segments.size());
        RecordedSegment first = segments.getFirst();
        put(VERSION, out);
        put(first.sequence(), out);
        put(first.offset(), out);
        put(first.programDateTime().toEpochMilli(), out);
        long sequence = first.sequence() - 1;
        long clock = first.programDateTime().toEpochMilli();
        long ticks = 0;
        for (RecordedSegment segment : segments) {
            long expected = clock + ticks / TICKS_PER_MILLI;
            long drift = segment.programDateTime().toEpochMilli() - expected;
            put(segment.sequence() - sequence - 1, out);
            put(segment.duration(), out);
            put(segment.bytes(), out);
            put((fold(drift) << 1) | (segment.independent() ? 1 : 0), out);
            sequence = segment.sequence();
            if (drift != 0) {
                clock = segment.programDateTime().toEpochMilli();
                ticks = 0;
            }
            ticks += segment.duration();
        }
        return unpack(out.toByteArray());
    }

    /**
     * Reads a packed table.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static SegmentTable unpack(byte[] packed) {
        if (packed.length == 0) {
            return EMPTY;
        }
        List<RecordedSegment> segments = read(packed);
        RecordedSegment last = segments.getLast();
        return new SegmentTable(
                packed.clone(),
                segments.size(),
                segments.getFirst().sequence(),
                last.sequence(),
                segments.stream().mapToLong(RecordedSegment::duration).sum(),
                last.offset() + last.bytes());
    }

    /** Its bytes, to be kept. */
    public byte[] packed() {
        return packed.clone();
    }

    /** Its segments, read anew at each call. */
    public List<RecordedSegment> segments() {
        return size == 0 ? List.of() : read(packed);
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** Of the first segment; meaningless without any. */
    public long firstSequence() {
        return firstSequence;
    }

    /** Of the last segment; meaningless without any. */
    public long lastSequence() {
        return lastSequence;
    }

    /** Of all of them, in units of 90 kHz. */
    public long duration() {
        return duration;
    }

    /** Where the last one's bytes end in the span. */
    public long end() {
        return end;
    }

    private static List<RecordedSegment> read(byte[] packed) {
        Cursor in = new Cursor(packed);
        if (in.next() != VERSION) {
            throw new IllegalArgumentException("a table of segments of another version");
        }
        long sequence = in.next() - 1;
        long offset = in.next();
        long clock = in.next();
        long ticks = 0;
        List<RecordedSegment> segments = new ArrayList<>();
        while (in.more()) {
            sequence += in.next() + 1;
            long duration = in.next();
            long bytes = in.next();
            long flags = in.next();
            long drift = unfold(flags >>> 1);
            if (sequence < 0 || duration < 0 || bytes < 0 || bytes > Integer.MAX_VALUE || segments.size() == MOST) {
                throw new IllegalArgumentException("a table of segments that cannot be");
            }
            long time = clock + ticks / TICKS_PER_MILLI + drift;
            if (drift != 0) {
                clock = time;
                ticks = 0;
            }
            ticks += duration;
            segments.add(new RecordedSegment(
                    sequence, offset, (int) bytes, duration, (flags & 1) == 1, Instant.ofEpochMilli(time)));
            offset += bytes;
        }
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("a table without segments");
        }
        return segments;
    }

    private static void put(long value, ByteArrayOutputStream out) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long fold(long signed) {
        return (signed << 1) ^ (signed >> 63);
    }

    private static long unfold(long folded) {
        return (folded >>> 1) ^ -(folded & 1);
    }

    /** Reads varints. */
    private static final class Cursor {
        private final byte[] bytes;
        private int at;

        Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean more() {
            return at < bytes.length;
        }

        long next() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (at == bytes.length) {
                    break;
                }
                byte next = bytes[at++];
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a table of segments that ends in the middle");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SegmentTable table && Arrays.equals(packed, table.packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }

    @Override
    public String toString() {
        return size == 0 ? "no segments" : size + " segments from " + firstSequence;
    }
}
