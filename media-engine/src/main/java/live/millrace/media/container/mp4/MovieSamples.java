// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import live.millrace.media.container.mp4.FragmentReader.FragmentSample;

/**
 * The samples of a track for a file that lists them all (ISO/IEC 14496-12 §8.6, §8.7), gathered in decoding order. A sample lasts until the
 * next one, whatever its fragment said: a hole in time is a longer sample before it. Not thread-safe.
 */
public final class MovieSamples {
    private static final int FIRST = 1_024;

    private final int trackId;
    private final boolean video;
    private final int timescale;
    private final int width;
    private final int height;
    private final ByteBuf initialization;

    private int[] sizes = new int[FIRST];
    private int samples;
    private int[] syncs = new int[64];
    private int syncCount;
    private final Runs durations = new Runs();
    private final Runs compositions = new Runs();
    private boolean negative;
    private long[] chunks = new long[FIRST];
    private int chunkCount;
    private int[] groups = new int[32];
    private int groupCount;
    private int inChunk;

    private long start = -1;
    private long lastTime;
    private int lastDuration;

    /** Numbers that repeat, with how often. */
    private static final class Runs {
        private int[] fields = new int[FIRST];
        private int size;

        void add(int value) {
            if (size > 0 && fields[2 * size - 1] == value) {
                fields[2 * size - 2]++;
                return;
            }
            if (2 * size == fields.length) {
                fields = Arrays.copyOf(fields, fields.length * 2);
            }
            fields[2 * size] = 1;
            fields[2 * size + 1] = value;
            size++;
        }

        boolean isAlways(int value) {
            return size == 1 && fields[1] == value;
        }

        void write(ByteBuf out) {
            out.writeInt(size);
            for (int i = 0; i < 2 * size; i++) {
                out.writeInt(fields[i]);
            }
        }
    }

    /**
     * Without samples yet.
     *
     * @param trackId distinct in the file, and at least 1
     * @param video it is pictures, else sound
     * @param timescale of its decode times
     * @param width in pixels; 0 for sound
     * @param initialization the initialization section of its fragments, borrowed
     */
    public MovieSamples(int trackId, boolean video, int timescale, int width, int height, ByteBuf initialization) {
        this.trackId = trackId;
        this.video = video;
        this.timescale = timescale;
        this.width = width;
        this.height = height;
        this.initialization = initialization;
    }

    /**
     * Adds samples that lie behind each other.
     *
     * @param offset of the first one, in the media data of the file
     * @param decodeTime of the first one, from the beginning of the file; behind all before
     */
    public void chunk(long offset, long decodeTime, List<FragmentSample> added) {
        if (chunkCount == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunks.length * 2);
        }
        chunks[chunkCount++] = offset;
        if (added.size() != inChunk) {
            inChunk = added.size();
            if (2 * groupCount == groups.length) {
                groups = Arrays.copyOf(groups, groups.length * 2);
            }
            groups[2 * groupCount] = chunkCount;
            groups[2 * groupCount + 1] = inChunk;
            groupCount++;
        }
        long time = decodeTime;
        for (FragmentSample sample : added) {
            add(time, sample);
            time += sample.duration();
        }
    }

    private void add(long time, FragmentSample sample) {
        if (start < 0) {
            start = Math.max(0, time);
            lastTime = start;
        } else {
            long lasts = Math.clamp(time - lastTime, 0, Integer.MAX_VALUE);
            durations.add((int) lasts);
            lastTime += lasts;
        }
        lastDuration = sample.duration();
        if (samples == sizes.length) {
            sizes = Arrays.copyOf(sizes, sizes.length * 2);
        }
        sizes[samples++] = sample.bytes();
        compositions.add(sample.compositionTimeOffset());
        negative |= sample.compositionTimeOffset() < 0;
        if (sample.sync()) {
            if (syncCount == syncs.length) {
                syncs = Arrays.copyOf(syncs, syncs.length * 2);
            }
            syncs[syncCount++] = samples;
        }
    }

    /** Samples that were added. */
    public int size() {
        return samples;
    }

    int trackId() {
        return trackId;
    }

    int timescale() {
        return timescale;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    boolean isVideo() {
        return video;
    }

    /** When its first sample is decoded. */
    long start() {
        return Math.max(0, start);
    }

    /** From its first sample's decoding to the end of the last one. */
    long duration() {
        return samples == 0 ? 0 : lastTime - start + lastDuration;
    }

    /**
     * Writes {@code stbl}.
     *
     * @param wide offsets take 64 bits
     * @return where in the buffer the offsets begin, for {@link #place}
     */
    int write(boolean wide, ByteBuf out) {
        int stbl = Box.begin("stbl", out);
        description(out);
        int stts = Box.begin("stts", 0, 0, out);
        if (samples > 0) {
            durations.add(lastDuration);
        }
        durations.write(out);
        Box.end(stts, out);
        if (!compositions.isAlways(0)) {
            int ctts = Box.begin("ctts", negative ? 1 : 0, 0, out);
            compositions.write(out);
            Box.end(ctts, out);
        }
        if (syncCount < samples) {
            int stss = Box.begin("stss", 0, 0, out);
            out.writeInt(syncCount);
            for (int i = 0; i < syncCount; i++) {
                out.writeInt(syncs[i]);
            }
            Box.end(stss, out);
        }
        int stsc = Box.begin("stsc", 0, 0, out);
        out.writeInt(groupCount);
        for (int i = 0; i < groupCount; i++) {
            out.writeInt(groups[2 * i]).writeInt(groups[2 * i + 1]).writeInt(1);
        }
        Box.end(stsc, out);
        int stsz = Box.begin("stsz", 0, 0, out);
        out.writeInt(0).writeInt(samples);
        for (int i = 0; i < samples; i++) {
            out.writeInt(sizes[i]);
        }
        Box.end(stsz, out);
        int stco = Box.begin(wide ? "co64" : "stco", 0, 0, out);
        out.writeInt(chunkCount);
        int offsets = out.writerIndex();
        out.writeZero(chunkCount * (wide ? Long.BYTES : Integer.BYTES));
        Box.end(stco, out);
        Box.end(stbl, out);
        return offsets;
    }

    /** Says where the media data is, once that is known. */
    void place(int offsets, long mediaData, boolean wide, ByteBuf out) {
        for (int i = 0; i < chunkCount; i++) {
            if (wide) {
                out.setLong(offsets + i * Long.BYTES, mediaData + chunks[i]);
            } else {
                out.setInt(offsets + i * Integer.BYTES, (int) (mediaData + chunks[i]));
            }
        }
    }

    /** What {@code stbl} takes at most. */
    long bytes() {
        return 256L
                + initialization.readableBytes()
                + 4L * samples
                + 8L * (durations.size + 1L + compositions.size + chunkCount)
                + 12L * groupCount
                + 4L * syncCount;
    }

    private void description(ByteBuf out) {
        ByteBuf found = SampleEntryReader.description(initialization)
                .orElseThrow(() -> new IllegalArgumentException("not an initialization section"));
        int stsd = Box.begin("stsd", out);
        out.writeBytes(found, found.readerIndex(), found.readableBytes());
        Box.end(stsd, out);
    }
}
