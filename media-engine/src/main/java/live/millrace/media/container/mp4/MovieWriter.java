// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.time.Timescale;

/**
 * What stands before the media data in a file that lists all its samples first (ISO/IEC 14496-12 §8.2): {@code ftyp}, {@code moov} and the
 * header of {@code mdat}.
 */
public final class MovieWriter {
    /** A start that is no multiple of a millisecond is one of this, almost. */
    private static final int MOVIE_TIMESCALE = Timescale.MPEG;

    /** From 1904 to 1970, in seconds. */
    private static final long MAC_EPOCH = 2_082_844_800L;

    private static final long MOST_IN_32_BITS = 0xFFFF_FFFFL;
    private static final int OTHER_BYTES = 1_024;
    private static final int MDAT_HEADER = 8;
    private static final int LARGE_MDAT_HEADER = 16;

    private MovieWriter() {}

    /** What {@link #write} takes for so many samples, at most. */
    public static long headBytes(List<MovieSamples> tracks) {
        return tracks.stream().mapToLong(MovieSamples::bytes).sum() + OTHER_BYTES * (1L + tracks.size());
    }

    /**
     * Writes all that stands before the media data.
     *
     * @param tracks with their samples, whose offsets count from the first byte of the media data; written once
     * @param startedAt when it was recorded
     * @param mediaBytes of the media data
     * @return unpooled, owned by the caller
     * @throws IllegalArgumentException if it has more than an array can hold
     */
    public static ByteBuf write(List<MovieSamples> tracks, Instant startedAt, long mediaBytes) {
        long most = headBytes(tracks);
        if (most > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("too many samples");
        }
        boolean wide = most + mediaBytes > MOST_IN_32_BITS;
        ByteBuf out = Unpooled.buffer((int) most);
        boolean video = tracks.stream().anyMatch(MovieSamples::isVideo);
        int ftyp = Box.begin("ftyp", out);
        text(video ? "isom" : "M4A ", out);
        out.writeInt(0x200);
        text(video ? "isomiso2avc1mp41" : "M4A isommp42", out);
        Box.end(ftyp, out);
        int moov = Box.begin("moov", out);
        header(tracks, startedAt.getEpochSecond() + MAC_EPOCH, out);
        List<Integer> offsets = new ArrayList<>();
        for (MovieSamples track : tracks) {
            offsets.add(track(track, startedAt.getEpochSecond() + MAC_EPOCH, wide, out));
        }
        Box.end(moov, out);
        if (mediaBytes + MDAT_HEADER > MOST_IN_32_BITS) {
            out.writeInt(1);
            text("mdat", out);
            out.writeLong(mediaBytes + LARGE_MDAT_HEADER);
        } else {
            out.writeInt((int) (mediaBytes + MDAT_HEADER));
            text("mdat", out);
        }
        for (int i = 0; i < tracks.size(); i++) {
            tracks.get(i).place(offsets.get(i), out.writerIndex(), wide, out);
        }
        return out;
    }

    private static void text(String text, ByteBuf out) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    /** In units of the movie, with what it waits for. */
    private static long end(MovieSamples track) {
        return Timescale.convert(track.start() + track.duration(), track.timescale(), MOVIE_TIMESCALE);
    }

    private static void header(List<MovieSamples> tracks, long time, ByteBuf out) {
        int mvhd = Box.begin("mvhd", 1, 0, out);
        out.writeLong(time).writeLong(time).writeInt(MOVIE_TIMESCALE);
        out.writeLong(tracks.stream().mapToLong(MovieWriter::end).max().orElse(0));
        out.writeInt(0x0001_0000).writeShort(0x0100).writeZero(10);
        InitializationSection.unityMatrix(out);
        out.writeZero(24);
        out.writeInt(tracks.stream().mapToInt(MovieSamples::trackId).max().orElse(0) + 1); // next_track_ID
        Box.end(mvhd, out);
    }

    private static int track(MovieSamples track, long time, boolean wide, ByteBuf out) {
        int trak = Box.begin("trak", out);
        int tkhd = Box.begin("tkhd", 1, InitializationSection.ENABLED_IN_MOVIE_AND_PREVIEW, out);
        out.writeLong(time).writeLong(time).writeInt(track.trackId()).writeZero(4);
        out.writeLong(end(track)).writeZero(8 + 4);
        out.writeShort(track.isVideo() ? 0 : 0x0100).writeZero(2);
        InitializationSection.unityMatrix(out);
        out.writeInt(track.width() << 16).writeInt(track.height() << 16);
        Box.end(tkhd, out);
        if (track.start() > 0) {
            edits(track, out);
        }
        int mdia = Box.begin("mdia", out);
        int mdhd = Box.begin("mdhd", 1, 0, out);
        out.writeLong(time).writeLong(time).writeInt(track.timescale()).writeLong(track.duration());
        out.writeShort(InitializationSection.UNDETERMINED_LANGUAGE).writeShort(0);
        Box.end(mdhd, out);
        InitializationSection.handler(track.isVideo(), out);
        int minf = Box.begin("minf", out);
        InitializationSection.mediaHeader(track.isVideo(), out);
        InitializationSection.dataInformation(out);
        int offsets = track.write(wide, out);
        Box.end(minf, out);
        Box.end(mdia, out);
        Box.end(trak, out);
        return offsets;
    }

    /** Nothing until it starts, then all of it (§8.6.6). */
    private static void edits(MovieSamples track, ByteBuf out) {
        long wait = Timescale.convert(track.start(), track.timescale(), MOVIE_TIMESCALE);
        int edts = Box.begin("edts", out);
        int elst = Box.begin("elst", 1, 0, out);
        out.writeInt(2);
        out.writeLong(wait).writeLong(-1).writeInt(0x0001_0000);
        out.writeLong(end(track) - wait).writeLong(0).writeInt(0x0001_0000);
        Box.end(elst, out);
        Box.end(edts, out);
    }
}
