// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.table.CodecTable;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Video tag bodies to frames, in the classic form and in the extended one. Each codec of a track keeps its own configuration, so that a stray tag of another codec takes nothing from it.
 */
final class VideoTags {
    private static final int KEY_FRAME = 1;
    private static final int COMMAND_FRAME = 5;

    private static final int SEQUENCE_START = 0;
    private static final int CODED_FRAMES = 1;
    private static final int CODED_FRAMES_X = 3;
    private static final int METADATA = 4;
    private static final int MULTITRACK = 6;

    /** A composition offset of more than this is no reordering but a broken clock. */
    private static final int MAX_COMPOSITION_OFFSET_MILLIS = 10_000;

    private final FrameSink sink;
    private final CodecTable codecs;
    private final TrackTable tracks;

    /** Configurations that do not tell the picture's size, and their codecs: the next key frame does. */
    private final @Nullable Sizeless[] sizeless = new @Nullable Sizeless[Track.MAX_OF_KIND];

    private record Sizeless(CodecEntry.Video codec, CodecEntry.Video.Configuration.Sizeless configuration) {}

    VideoTags(FrameSink sink, CodecTable codecs) {
        this.sink = sink;
        this.codecs = codecs;
        this.tracks = new TrackTable(sink);
    }

    void read(long timestampMillis, ByteBuf body) {
        int first = body.readUnsignedByte();
        int frameType = (first >> 4) & 7;
        int low = first & 15;
        boolean key = frameType == KEY_FRAME;
        if ((first & 0x80) != 0) {
            int packetType = ExTag.skipModifiers(low, body);
            if (frameType == COMMAND_FRAME && packetType != METADATA) {
                return;
            }
            ExTag.read(
                    packetType,
                    MULTITRACK,
                    body,
                    (type, fourCc, track, packet) -> extended(timestampMillis, key, type, fourCc, track, packet));
        } else if (frameType != COMMAND_FRAME) {
            classic(timestampMillis, key, low, body);
        }
    }

    private void classic(long timestampMillis, boolean key, int id, ByteBuf body) {
        CodecEntry.Video codec = codecs.video(id).orElseThrow(() -> new UnsupportedMediaException(legacyName(id)));
        ExTag.need(body, 4);
        int packetType = body.readUnsignedByte();
        int offset = body.readMedium();
        switch (packetType) {
            case SEQUENCE_START -> configuration(codec, 0, body);
            case CODED_FRAMES -> picture(timestampMillis, offset, key, codec, 0, body);
            default -> {
                // 2: end of sequence, which says nothing that the next message does not
            }
        }
    }

    private void extended(long timestampMillis, boolean key, int type, FourCc fourCc, int track, ByteBuf body) {
        switch (type) {
            case SEQUENCE_START -> configuration(codecs.video(fourCc), track, body);
            case CODED_FRAMES -> {
                CodecEntry.Video codec = codecs.video(fourCc);
                int offset = 0;
                if (codec.reorders()) {
                    ExTag.need(body, 3);
                    offset = body.readMedium();
                }
                picture(timestampMillis, offset, key, codec, track, body);
            }
            case CODED_FRAMES_X -> picture(timestampMillis, 0, key, codecs.video(fourCc), track, body);
            default -> {
                // the end of a sequence, colour metadata, a descriptor for transport streams
            }
        }
    }

    private void configuration(CodecEntry.Video codec, int index, ByteBuf body) {
        switch (codec.configuration(body)) {
            case CodecEntry.Video.Configuration.Whole(TrackFormat.Video format) -> {
                Sizeless pending = sizeless[index];
                if (pending != null && pending.codec.equals(codec)) {
                    sizeless[index] = null;
                }
                tracks.announce(index, format);
            }
            case CodecEntry.Video.Configuration.Sizeless configuration ->
                sizeless[index] = new Sizeless(codec, configuration);
        }
    }

    private void picture(
            long timestampMillis, int offsetMillis, boolean key, CodecEntry.Video codec, int index, ByteBuf body) {
        if (key) {
            size(index, codec, body);
        }
        Track track = tracks.find(index, codec);
        if (track == null) {
            throw new MalformedMediaException(codec.displayName() + " before its sequence header");
        }
        TrackFormat.Picture picture = ((TrackFormat.Video) track.format()).inspect(body, key);
        if (picture == TrackFormat.Picture.NOTHING) {
            return;
        }
        int offset = offsetMillis;
        if (offset < 0 || offset > MAX_COMPOSITION_OFFSET_MILLIS) {
            // A presentation time before the decode time has no place in a PES header (ISO/IEC 13818-1 §2.7.5).
            offset = 0;
            sink.repaired(Repair.COMPOSITION_OFFSET);
        }
        int timescale = track.timescale();
        sink.frame(new MediaFrame(
                track,
                Timescale.convert(timestampMillis, Timescale.MILLIS, timescale),
                (int) Timescale.convert(offset, Timescale.MILLIS, timescale),
                picture == TrackFormat.Picture.RANDOM_ACCESS_POINT,
                body));
    }

    /** Asks a key frame for the size that its configuration left open. */
    private void size(int index, CodecEntry.Video codec, ByteBuf keyFrame) {
        Sizeless pending = sizeless[index];
        if (pending != null && pending.codec.equals(codec)) {
            pending.configuration.sized().apply(keyFrame).ifPresent(format -> tracks.announce(index, format));
        }
    }

    private static String legacyName(int id) {
        return switch (id) {
            case 2 -> "Sorenson H.263";
            case 3 -> "Screen video";
            case 4, 5 -> "VP6";
            default -> "number " + id;
        };
    }
}
