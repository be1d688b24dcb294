// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * Frames to an FLV stream (FLV 10.1 annex E, Enhanced RTMP v2): the file header, then tags with the size of each behind it. The
 * default tracks alone. Stateless.
 */
public final class FlvMuxer {
    private static final int TAG_HEADER = 11;
    private static final int HAS_AUDIO = 4;
    private static final int HAS_VIDEO = 1;
    private static final int FILE_HEADER = 9;

    private FlvMuxer() {}

    /** §E.2, with the first of the sizes, which is 0. The flags tell what is really there. */
    public static void fileHeader(List<Track> tracks, ByteBuf out) {
        int flags = 0;
        for (Track track : tracks) {
            flags |= track.isVideo() ? HAS_VIDEO : HAS_AUDIO;
        }
        out.writeMedium(0x464C56).writeByte(1).writeByte(flags).writeInt(FILE_HEADER);
        out.writeInt(0);
    }

    /**
     * The script tag and the sequence headers.
     *
     * @param millis where the stream is
     */
    public static void configuration(List<Track> tracks, long millis, ByteBuf out) {
        // At time 0, wherever the stream is: FFmpeg takes a later one for a subtitle.
        int start = begin(FlvTagBodies.SCRIPT, 0, out);
        FlvTagBodies.metadata(tracks, out);
        end(start, out);
        for (Track track : tracks) {
            start = begin(FlvTagBodies.type(track), millis, out);
            FlvTagBodies.configuration(track, out);
            if (out.writerIndex() == start + TAG_HEADER) {
                out.writerIndex(start); // the codec has none
            } else {
                end(start, out);
            }
        }
    }

    public static void frame(MediaFrame frame, ByteBuf out) {
        int start = begin(FlvTagBodies.type(frame.track()), FlvTagBodies.millis(frame), out);
        FlvTagBodies.prefix(frame, out);
        ByteBuf payload = frame.payload();
        out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
        end(start, out);
    }

    /** §E.4.1: the size comes later; eight more bits of the time stand behind its lower 24. */
    private static int begin(int type, long millis, ByteBuf out) {
        int start = out.writerIndex();
        out.writeByte(type).writeMedium(0);
        out.writeMedium((int) millis & 0xFFFFFF).writeByte((int) (millis >> 24) & 0x7F);
        out.writeMedium(0);
        return start;
    }

    private static void end(int start, ByteBuf out) {
        int size = out.writerIndex() - start;
        out.setMedium(start + 1, size - TAG_HEADER);
        out.writeInt(size);
    }
}
