// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.Track;

/** {@code ftyp} and {@code moov} of a fragmented file (ISO/IEC 14496-12 §4.3, §8.2): what stands before all fragments. */
public final class InitializationSection {
    private static final int MOVIE_TIMESCALE = 1_000;
    static final int ENABLED_IN_MOVIE_AND_PREVIEW = 7;

    /** "und", three letters of five bits (§8.4.2.3). */
    static final int UNDETERMINED_LANGUAGE = 0x55C4;

    private InitializationSection() {}

    /** Writes both boxes for the given tracks. */
    public static void write(List<Track> tracks, ByteBuf out) {
        int ftyp = Box.begin("ftyp", out);
        out.writeCharSequence("iso6", StandardCharsets.US_ASCII);
        out.writeInt(0);
        out.writeCharSequence("iso6cmfcmp41", StandardCharsets.US_ASCII);
        Box.end(ftyp, out);
        int moov = Box.begin("moov", out);
        movieHeader(tracks, out);
        tracks.forEach(track -> track(track, out));
        int mvex = Box.begin("mvex", out);
        for (Track track : tracks) {
            int trex = Box.begin("trex", 0, 0, out);
            out.writeInt(FragmentWriter.trackId(track)).writeInt(1).writeZero(12);
            Box.end(trex, out);
        }
        Box.end(mvex, out);
        Box.end(moov, out);
    }

    private static void movieHeader(List<Track> tracks, ByteBuf out) {
        int mvhd = Box.begin("mvhd", 0, 0, out);
        out.writeZero(8).writeInt(MOVIE_TIMESCALE).writeInt(0);
        out.writeInt(0x0001_0000).writeShort(0x0100).writeZero(10);
        unityMatrix(out);
        out.writeZero(24);
        out.writeInt(tracks.stream().mapToInt(FragmentWriter::trackId).max().orElse(0) + 1); // next_track_ID
        Box.end(mvhd, out);
    }

    static void unityMatrix(ByteBuf out) {
        out.writeInt(0x0001_0000)
                .writeZero(12)
                .writeInt(0x0001_0000)
                .writeZero(12)
                .writeInt(0x4000_0000);
    }

    private static void track(Track track, ByteBuf out) {
        int trak = Box.begin("trak", out);
        int tkhd = Box.begin("tkhd", 0, ENABLED_IN_MOVIE_AND_PREVIEW, out);
        out.writeZero(8).writeInt(FragmentWriter.trackId(track)).writeZero(4 + 4 + 8 + 4);
        out.writeShort(track.isVideo() ? 0 : 0x0100).writeZero(2);
        unityMatrix(out);
        if (track.format() instanceof TrackFormat.Video video) {
            out.writeInt(video.width() << 16).writeInt(video.height() << 16);
        } else {
            out.writeZero(8);
        }
        Box.end(tkhd, out);
        media(track, out);
        Box.end(trak, out);
    }

    private static void media(Track track, ByteBuf out) {
        int mdia = Box.begin("mdia", out);
        int mdhd = Box.begin("mdhd", 0, 0, out);
        out.writeZero(8).writeInt(track.timescale()).writeInt(0);
        out.writeShort(UNDETERMINED_LANGUAGE).writeShort(0);
        Box.end(mdhd, out);
        handler(track.isVideo(), out);
        int minf = Box.begin("minf", out);
        mediaHeader(track.isVideo(), out);
        dataInformation(out);
        sampleTable(track, out);
        Box.end(minf, out);
        Box.end(mdia, out);
    }

    static void handler(boolean video, ByteBuf out) {
        int hdlr = Box.begin("hdlr", 0, 0, out);
        out.writeInt(0);
        out.writeCharSequence(video ? "vide" : "soun", StandardCharsets.US_ASCII);
        out.writeZero(12);
        out.writeCharSequence(video ? "video" : "sound", StandardCharsets.US_ASCII);
        out.writeByte(0);
        Box.end(hdlr, out);
    }

    static void mediaHeader(boolean video, ByteBuf out) {
        if (video) {
            int vmhd = Box.begin("vmhd", 0, 1, out);
            out.writeZero(8);
            Box.end(vmhd, out);
        } else {
            int smhd = Box.begin("smhd", 0, 0, out);
            out.writeZero(4);
            Box.end(smhd, out);
        }
    }

    static void dataInformation(ByteBuf out) {
        int dinf = Box.begin("dinf", out);
        int dref = Box.begin("dref", 0, 0, out);
        out.writeInt(1);
        Box.end(Box.begin("url ", 0, 1, out), out); // in this file
        Box.end(dref, out);
        Box.end(dinf, out);
    }

    /** All but the description is empty: the samples stand in the fragments. */
    private static void sampleTable(Track track, ByteBuf out) {
        int stbl = Box.begin("stbl", out);
        int stsd = Box.begin("stsd", 0, 0, out);
        out.writeInt(1);
        SampleEntry.write(track.format(), out);
        Box.end(stsd, out);
        for (String type : List.of("stts", "stsc", "stco")) {
            int box = Box.begin(type, 0, 0, out);
            out.writeInt(0);
            Box.end(box, out);
        }
        int stsz = Box.begin("stsz", 0, 0, out);
        out.writeZero(8);
        Box.end(stsz, out);
        Box.end(stbl, out);
    }
}
