// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.codec.Codec;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.av1.Av1CodecConfigurationRecord;
import live.millrace.media.codec.av1.Av1SequenceHeader;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.LengthPrefixed;
import live.millrace.media.codec.h265.HevcAccessUnit;
import live.millrace.media.codec.h265.HevcDecoderConfigurationRecord;
import live.millrace.media.codec.vp9.Vp9FrameHeader;
import live.millrace.media.codec.vp9.VpCodecConfigurationRecord;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Video tag bodies to frames: H.264 and H.265 in both forms, AV1 and VP9 in the extended one. Each codec of a track keeps its own
 * configuration, so that a stray tag of another codec takes nothing from it.
 */
final class VideoTags {
    private static final int H264 = 7;
    /** Not in any specification: what Chinese encoders and cameras agreed on for H.265 before Enhanced RTMP. */
    private static final int H265 = 12;

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
    private final TrackTable tracks;

    /** Configurations of AV1 and VP9 that do not tell the picture's size: the next key frame does. */
    private final @Nullable Object[] sizeless = new @Nullable Object[Track.MAX_OF_KIND];

    VideoTags(FrameSink sink) {
        this.sink = sink;
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

    private void classic(long timestampMillis, boolean key, int codec, ByteBuf body) {
        if (codec != H264 && codec != H265) {
            throw new UnsupportedMediaException(legacyName(codec));
        }
        Codec known = codec == H264 ? Codec.H264 : Codec.H265;
        ExTag.need(body, 4);
        int packetType = body.readUnsignedByte();
        int offset = body.readMedium();
        switch (packetType) {
            case SEQUENCE_START -> configuration(known, 0, body);
            case CODED_FRAMES -> picture(timestampMillis, offset, key, known, 0, body);
            default -> {
                // 2: end of sequence, which says nothing that the next message does not
            }
        }
    }

    private void extended(long timestampMillis, boolean key, int type, String fourCc, int track, ByteBuf body) {
        switch (type) {
            case SEQUENCE_START -> configuration(codec(fourCc), track, body);
            case CODED_FRAMES -> {
                Codec codec = codec(fourCc);
                int offset = 0;
                if (codec == Codec.H264 || codec == Codec.H265) {
                    ExTag.need(body, 3);
                    offset = body.readMedium();
                }
                picture(timestampMillis, offset, key, codec, track, body);
            }
            case CODED_FRAMES_X -> picture(timestampMillis, 0, key, codec(fourCc), track, body);
            default -> {
                // the end of a sequence, colour metadata, a descriptor for transport streams
            }
        }
    }

    private static Codec codec(String fourCc) {
        return switch (fourCc) {
            case "avc1" -> Codec.H264;
            case "hvc1" -> Codec.H265;
            case "av01" -> Codec.AV1;
            case "vp09" -> Codec.VP9;
            default -> throw new UnsupportedMediaException(fourCc);
        };
    }

    private void configuration(Codec codec, int track, ByteBuf body) {
        switch (codec) {
            case H264 -> tracks.announce(track, new TrackFormat.H264(AvcDecoderConfigurationRecord.parse(body)));
            case H265 -> tracks.announce(track, new TrackFormat.H265(HevcDecoderConfigurationRecord.parse(body)));
            case AV1 -> {
                Av1CodecConfigurationRecord record = Av1CodecConfigurationRecord.parse(body);
                Optional<Av1SequenceHeader> header = record.sequenceHeader();
                sizeless[track] = null;
                if (header.isPresent()) {
                    tracks.announce(
                            track,
                            new TrackFormat.Av1(
                                    record, header.get().width(), header.get().height()));
                } else {
                    sizeless[track] = record;
                }
            }
            case VP9 -> sizeless[track] = VpCodecConfigurationRecord.parse(body);
            default -> throw new IllegalStateException("no codec of pictures: " + codec);
        }
    }

    private void picture(long timestampMillis, int offsetMillis, boolean key, Codec codec, int index, ByteBuf body) {
        if (key) {
            size(index, codec, body);
        }
        Track track = tracks.find(index, codec);
        if (track == null) {
            throw new MalformedMediaException(codec.displayName() + " before its sequence header");
        }
        boolean start;
        switch (track.format()) {
            case TrackFormat.H264(AvcDecoderConfigurationRecord configuration) -> {
                LengthPrefixed.Contents contents = LengthPrefixed.inspect(body, configuration.lengthSize());
                if (contents.empty()) {
                    return;
                }
                start = contents.idr() || (key && contents.mayStart());
            }
            case TrackFormat.H265(HevcDecoderConfigurationRecord configuration) -> {
                HevcAccessUnit.Contents contents = HevcAccessUnit.inspect(body, configuration.lengthSize());
                if (contents.empty()) {
                    return;
                }
                start = contents.randomAccess();
            }
            default -> {
                if (!body.isReadable()) {
                    return;
                }
                start = key;
            }
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
                start,
                body));
    }

    /** Nothing is pending, or it is of the other codec: then the picture tells nothing new. */
    private void size(int index, Codec codec, ByteBuf keyFrame) {
        switch (sizeless[index]) {
            case Av1CodecConfigurationRecord record
            when codec == Codec.AV1 ->
                Av1SequenceHeader.find(keyFrame)
                        .ifPresent(header ->
                                tracks.announce(index, new TrackFormat.Av1(record, header.width(), header.height())));
            case VpCodecConfigurationRecord record
            when codec == Codec.VP9 ->
                Vp9FrameHeader.parse(keyFrame)
                        .ifPresent(header ->
                                tracks.announce(index, new TrackFormat.Vp9(record, header.width(), header.height())));
            case null, default -> {
                // its configuration told the size
            }
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
