// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * {@code ftyp} and {@code moov} of a whole file (ISO/IEC 14496-12 §8), for media data that lies behind them and is described before it is
 * there: all players can seek in it at once.
 */
public final class MovieHeader {
    private static final int MOVIE_TIMESCALE = 1_000;
    private static final int ENABLED_IN_MOVIE_AND_PREVIEW = 7;
    private static final int UNDETERMINED_LANGUAGE = 0x55C4;
    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;
    private static final long LARGEST_OF_32_BITS = 0xFFFF_FFFFL;

    private MovieHeader() {}

    /** The samples of a track, in decoding order, as they are put together. */
    public static final class Samples {
        private static final int FIRST = 4_096;

        private int[] bytes = new int[FIRST];
        private int[] durations = new int[FIRST];
        private int[] compositions = new int[FIRST];
        private final BitSet syncs = new BitSet();
        private int size;
        private long[] chunks = new long[FIRST];
        private int[] chunkFirst = new int[FIRST];
        private int chunkCount;
        private long time;

        /** Samples from here on lie one behind the other, from a place in the media data on. */
        public void beginChunk(long offset) {
            if (chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * chunkCount);
                chunkFirst = Arrays.copyOf(chunkFirst, 2 * chunkCount);
            }
            chunks[chunkCount] = offset;
            chunkFirst[chunkCount++] = size;
        }

        /** Adds a sample; durations in the track's timescale. */
        public void add(int length, int duration, int compositionTimeOffset, boolean sync) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * size);
                durations = Arrays.copyOf(durations, 2 * size);
                compositions = Arrays.copyOf(compositions, 2 * size);
            }
            bytes[size] = length;
            durations[size] = duration;
            compositions[size] = compositionTimeOffset;
            syncs.set(size++, sync);
            time += duration;
        }

        /** Where the next sample would be decoded. */
        public long end() {
            return time;
        }

        /** Lengthens, or shortens, the last sample so that the next one is decoded at a time; it keeps one unit at least. */
        public void stretchTo(long wanted) {
            if (size > 0) {
                long duration = Math.clamp(durations[size - 1] + wanted - time, 1, Integer.MAX_VALUE);
                time += duration - durations[size - 1];
                durations[size - 1] = (int) duration;
            }
        }

        public int size() {
            return size;
        }

        /** Memory that it takes, about. */
        public long weight() {
            return 12L * bytes.length + 12L * chunks.length;
        }
    }

    /**
     * A track of the file.
     *
     * @param timescale units per second
     * @param description the content of {@code stsd} that its samples need
     * @param delay so long the track waits at the beginning, in its timescale
     */
    public record MovieTrack(
            boolean video, int timescale, int width, int height, ByteBuf description, long delay, Samples samples) {}

    /**
     * The sample description in an initialization section.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ByteBuf description(ByteBuf initialization) {
        Optional<ByteBuf> box = Box.find("moov", initialization);
        for (String name : List.of("trak", "mdia", "minf", "stbl", "stsd")) {
            box = box.flatMap(content -> Box.find(name, content));
        }
        return box.orElseThrow(() -> new IllegalArgumentException("no sample description"));
    }

    /**
     * Writes everything before the media data: {@code ftyp}, {@code moov}, and the header of {@code mdat}.
     *
     * @param dataBytes how long the media data is
     */
    public static ByteBuf write(List<MovieTrack> tracks, long dataBytes) {
        boolean large = dataBytes > LARGEST_OF_32_BITS - (256L << 20);
        ByteBuf out = Unpooled.buffer(1 << 16);
        int ftyp = Box.begin("ftyp", out);
        out.writeCharSequence("isom", StandardCharsets.US_ASCII);
        out.writeInt(0x200);
        out.writeCharSequence("isomiso2avc1mp41", StandardCharsets.US_ASCII);
        Box.end(ftyp, out);
        List<Integer> tables = new ArrayList<>();
        int moov = Box.begin("moov", out);
        movieHeader(tracks, out);
        for (int i = 0; i < tracks.size(); i++) {
            track(i + 1, tracks.get(i), large, tables, out);
        }
        Box.end(moov, out);
        long data = (long) out.readableBytes() + (large ? LARGE_HEADER : HEADER);
        for (int i = 0; i < tracks.size(); i++) {
            patch(tracks.get(i).samples(), tables.get(i), data, large, out);
        }
        if (large) {
            out.writeInt(1);
            out.writeCharSequence("mdat", StandardCharsets.US_ASCII);
            out.writeLong(dataBytes + LARGE_HEADER);
        } else {
            out.writeInt((int) (dataBytes + HEADER));
            out.writeCharSequence("mdat", StandardCharsets.US_ASCII);
        }
        return out;
    }

    /** Chunks are counted from the start of the file. */
    private static void patch(Samples samples, int table, long data, boolean large, ByteBuf out) {
        for (int i = 0; i < samples.chunkCount; i++) {
            if (large) {
                out.setLong(table + 8 * i, samples.chunks[i] + data);
            } else {
                out.setInt(table + 4 * i, (int) (samples.chunks[i] + data));
            }
        }
    }

    private static long millis(MovieTrack track) {
        return (track.delay() + track.samples().end()) * MOVIE_TIMESCALE / track.timescale();
    }

    private static void movieHeader(List<MovieTrack> tracks, ByteBuf out) {
        int mvhd = Box.begin("mvhd", 1, 0, out);
        out.writeZero(16).writeInt(MOVIE_TIMESCALE);
        out.writeLong(tracks.stream().mapToLong(MovieHeader::millis).max().orElse(0));
        out.writeInt(0x0001_0000).writeShort(0x0100).writeZero(10);
        unityMatrix(out);
        out.writeZero(24);
        out.writeInt(tracks.size() + 1);
        Box.end(mvhd, out);
    }

    private static void unityMatrix(ByteBuf out) {
        out.writeInt(0x0001_0000)
                .writeZero(12)
                .writeInt(0x0001_0000)
                .writeZero(12)
                .writeInt(0x4000_0000);
    }

    private static void track(int id, MovieTrack track, boolean large, List<Integer> tables, ByteBuf out) {
        int trak = Box.begin("trak", out);
        int tkhd = Box.begin("tkhd", 1, ENABLED_IN_MOVIE_AND_PREVIEW, out);
        out.writeZero(16).writeInt(id).writeInt(0).writeLong(millis(track)).writeZero(8 + 4);
        out.writeShort(track.video() ? 0 : 0x0100).writeZero(2);
        unityMatrix(out);
        out.writeInt(track.width() << 16).writeInt(track.height() << 16);
        Box.end(tkhd, out);
        edits(track, out);
        int mdia = Box.begin("mdia", out);
        int mdhd = Box.begin("mdhd", 1, 0, out);
        out.writeZero(16).writeInt(track.timescale()).writeLong(track.samples().end());
        out.writeShort(UNDETERMINED_LANGUAGE).writeShort(0);
        Box.end(mdhd, out);
        int hdlr = Box.begin("hdlr", 0, 0, out);
        out.writeInt(0);
        out.writeCharSequence(track.video() ? "vide" : "soun", StandardCharsets.US_ASCII);
        out.writeZero(12 + 1);
        Box.end(hdlr, out);
        int minf = Box.begin("minf", out);
        if (track.video()) {
            int vmhd = Box.begin("vmhd", 0, 1, out);
            out.writeZero(8);
            Box.end(vmhd, out);
        } else {
            int smhd = Box.begin("smhd", 0, 0, out);
            out.writeZero(4);
            Box.end(smhd, out);
        }
        int dinf = Box.begin("dinf", out);
        int dref = Box.begin("dref", 0, 0, out);
        out.writeInt(1);
        int url = Box.begin("url ", 0, 1, out);
        Box.end(url, out);
        Box.end(dref, out);
        Box.end(dinf, out);
        int stbl = Box.begin("stbl", out);
        int stsd = Box.begin("stsd", out);
        out.writeBytes(
                track.description(),
                track.description().readerIndex(),
                track.description().readableBytes());
        Box.end(stsd, out);
        tables.add(tables(track, large, out));
        Box.end(stbl, out);
        Box.end(minf, out);
        Box.end(mdia, out);
        Box.end(trak, out);
    }

    /** A track that begins later waits for it (§8.6.6). What is shown later than decoded stays so: the others are in step with that. */
    private static void edits(MovieTrack track, ByteBuf out) {
        if (track.delay() == 0) {
            return;
        }
        int edts = Box.begin("edts", out);
        int elst = Box.begin("elst", 1, 0, out);
        out.writeInt(2);
        out.writeLong(track.delay() * MOVIE_TIMESCALE / track.timescale())
                .writeLong(-1)
                .writeInt(0x1_0000);
        out.writeLong(track.samples().end() * MOVIE_TIMESCALE / track.timescale())
                .writeLong(0)
                .writeInt(0x1_0000);
        Box.end(elst, out);
        Box.end(edts, out);
    }

    /** Answers where the chunks' offsets are, which are zero. */
    private static int tables(MovieTrack track, boolean large, ByteBuf out) {
        Samples samples = track.samples();
        runs("stts", 0, samples.durations, samples.size, out);
        if (track.video()) {
            runs("ctts", 1, samples.compositions, samples.size, out);
            int stss = Box.begin("stss", 0, 0, out);
            out.writeInt(samples.syncs.cardinality());
            for (int i = samples.syncs.nextSetBit(0); i >= 0; i = samples.syncs.nextSetBit(i + 1)) {
                out.writeInt(i + 1);
            }
            Box.end(stss, out);
        }
        int stsz = Box.begin("stsz", 0, 0, out);
        out.writeInt(0).writeInt(samples.size);
        for (int i = 0; i < samples.size; i++) {
            out.writeInt(samples.bytes[i]);
        }
        Box.end(stsz, out);
        chunks(samples, out);
        int offsets = Box.begin(large ? "co64" : "stco", 0, 0, out);
        out.writeInt(samples.chunkCount);
        int table = out.writerIndex();
        out.writeZero(samples.chunkCount * (large ? 8 : 4));
        Box.end(offsets, out);
        return table;
    }

    private static void runs(String name, int version, int[] values, int size, ByteBuf out) {
        int box = Box.begin(name, version, 0, out);
        int count = out.writerIndex();
        out.writeInt(0);
        int entries = 0;
        for (int i = 0; i < size; ) {
            int end = i + 1;
            while (end < size && values[end] == values[i]) {
                end++;
            }
            out.writeInt(end - i).writeInt(values[i]);
            entries++;
            i = end;
        }
        out.setInt(count, entries);
        Box.end(box, out);
    }

    private static void chunks(Samples samples, ByteBuf out) {
        int stsc = Box.begin("stsc", 0, 0, out);
        int count = out.writerIndex();
        out.writeInt(0);
        int entries = 0;
        int before = -1;
        for (int i = 0; i < samples.chunkCount; i++) {
            int next = i + 1 < samples.chunkCount ? samples.chunkFirst[i + 1] : samples.size;
            int inside = next - samples.chunkFirst[i];
            if (inside != before) {
                out.writeInt(i + 1).writeInt(inside).writeInt(1);
                entries++;
                before = inside;
            }
        }
        out.setInt(count, entries);
        Box.end(stsc, out);
    }
}
