// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import java.util.Arrays;
import java.util.BitSet;

/** Samples in decoding order, as numbers in rows. */
final class SampleList {
    private static final int FIRST = 1_024;

    private long[] offsets = new long[FIRST];
    private int[] bytes = new int[FIRST];
    private long[] times = new long[FIRST];
    private int[] compositions = new int[FIRST];
    private final BitSet syncs = new BitSet();
    private int size;
    private long end;
    private long shift;

    void add(long offset, int length, long time, int duration, int composition, boolean sync) {
        if (size == offsets.length) {
            int more = size * 2;
            offsets = Arrays.copyOf(offsets, more);
            bytes = Arrays.copyOf(bytes, more);
            times = Arrays.copyOf(times, more);
            compositions = Arrays.copyOf(compositions, more);
        }
        offsets[size] = offset;
        bytes[size] = length;
        times[size] = time;
        compositions[size] = composition;
        syncs.set(size, sync);
        size++;
        end = time + duration;
    }

    /** Moves all of them on the time line. */
    void shift(long by) {
        shift = by;
    }

    int size() {
        return size;
    }

    long offset(int sample) {
        return offsets[sample];
    }

    int bytes(int sample) {
        return bytes[sample];
    }

    long decodeTime(int sample) {
        return times[sample] + shift;
    }

    int compositionTimeOffset(int sample) {
        return compositions[sample];
    }

    boolean sync(int sample) {
        return syncs.get(sample);
    }

    /** When the last one ends. */
    long end() {
        return end + shift;
    }

    /** Without the shift: where the next one follows. */
    long next() {
        return end;
    }
}
