// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.frame.Track;

/** Movie fragments of one track (ISO/IEC 14496-12 §8.8): {@code moof}, then {@code mdat}. */
public final class FragmentWriter {
    private static final int DEFAULT_BASE_IS_MOOF = 0x02_0000;
    private static final int DEFAULT_SAMPLE_FLAGS = 0x20;

    private static final int DATA_OFFSET = 0x1;
    private static final int SAMPLE_DURATION = 0x100;
    private static final int SAMPLE_SIZE = 0x200;
    private static final int SAMPLE_FLAGS = 0x400;
    private static final int SAMPLE_COMPOSITION_TIME_OFFSET = 0x800;

    /** §8.8.3.1: depends on no other sample. */
    private static final int SYNC = 0x0200_0000;

    /** Depends on others, and is no sync sample. */
    private static final int NOT_SYNC = 0x0101_0000;

    private static final int BOX_HEADER = 8;

    private FragmentWriter() {}

    /** The track_ID in files of a track. */
    static int trackId(Track track) {
        return track.id() + 1;
    }

    /**
     * Writes a fragment.
     *
     * @param sequenceNumber larger than that of the fragment before
     * @param baseDecodeTime of the first sample, in the track's timescale
     */
    public static void write(int sequenceNumber, Track track, long baseDecodeTime, List<Sample> samples, ByteBuf out) {
        boolean video = track.isVideo();
        int moof = Box.begin("moof", out);
        int mfhd = Box.begin("mfhd", 0, 0, out);
        out.writeInt(sequenceNumber);
        Box.end(mfhd, out);
        int traf = Box.begin("traf", out);
        int tfhd = Box.begin("tfhd", 0, DEFAULT_BASE_IS_MOOF | (video ? 0 : DEFAULT_SAMPLE_FLAGS), out);
        out.writeInt(trackId(track));
        if (!video) {
            out.writeInt(SYNC);
        }
        Box.end(tfhd, out);
        int tfdt = Box.begin("tfdt", 1, 0, out);
        out.writeLong(baseDecodeTime);
        Box.end(tfdt, out);
        int flags = DATA_OFFSET | SAMPLE_DURATION | SAMPLE_SIZE;
        int trun = Box.begin("trun", 1, video ? flags | SAMPLE_FLAGS | SAMPLE_COMPOSITION_TIME_OFFSET : flags, out);
        out.writeInt(samples.size());
        int dataOffsetAt = out.writerIndex();
        out.writeInt(0);
        int size = 0;
        for (Sample sample : samples) {
            int bytes = sample.payload().readableBytes();
            size += bytes;
            out.writeInt(sample.duration()).writeInt(bytes);
            if (video) {
                out.writeInt(sample.sync() ? SYNC : NOT_SYNC).writeInt(sample.compositionTimeOffset());
            }
        }
        Box.end(trun, out);
        Box.end(traf, out);
        Box.end(moof, out);
        out.setInt(dataOffsetAt, out.writerIndex() - moof + BOX_HEADER);
        out.ensureWritable(size + BOX_HEADER);
        int mdat = Box.begin("mdat", out);
        for (Sample sample : samples) {
            ByteBuf payload = sample.payload();
            out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
        }
        Box.end(mdat, out);
    }
}
