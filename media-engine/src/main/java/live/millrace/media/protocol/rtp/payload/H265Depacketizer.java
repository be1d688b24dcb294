// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.h265.HevcNalUnitType;
import live.millrace.media.codec.h265.HevcParameterSets;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.sdp.PayloadFormat;
import org.jspecify.annotations.Nullable;

/** H.265 (RFC 7798) in the order of decoding: single NAL units, aggregation packets, fragmentation units. */
final class H265Depacketizer extends NalDepacketizer {
    private static final int AGGREGATION = 48;
    private static final int FRAGMENTATION = 49;
    private static final int FIRST_RESERVED_SLICE = 22;

    /** Even types up to this are pictures that no other of their sub-layer refers to (table 7-1). */
    private static final int LAST_UNREFERENCED = 14;

    private static final int PREFIX_SEI = 39;
    private static final int SUFFIX_SEI = 40;

    private final HevcParameterSets sets = new HevcParameterSets();

    /** @throws UnsupportedMediaException if packets carry decoding order numbers */
    H265Depacketizer(int trackId, PayloadFormat described, FrameSink sink) {
        super(trackId, sink);
        if (described.number("sprop-max-don-diff", 0) > 0) {
            throw new UnsupportedMediaException("H.265 out of the order of decoding");
        }
        for (String name : List.of("sprop-vps", "sprop-sps", "sprop-pps")) {
            for (byte[] set : SpropParameterSets.of(described.parameters().get(name))) {
                try {
                    if (HevcParameterSets.isOne(HevcNalUnitType.of(set[0]))) {
                        sets.put(set);
                    }
                } catch (MalformedMediaException e) {
                    // the stream will bring its own
                }
            }
        }
    }

    @Override
    void payload(ByteBuf payload) {
        int header = payload.getUnsignedShort(payload.readerIndex());
        switch (type(header)) {
            case AGGREGATION -> { // §4.4.2
                int at = payload.readerIndex() + 2;
                while (at < payload.writerIndex()) {
                    int size = payload.getUnsignedShort(at);
                    nalUnit(payload.slice(at + 2, size));
                    at += 2 + size;
                }
            }
            case FRAGMENTATION -> { // §4.4.3
                int fragment = payload.getUnsignedByte(payload.readerIndex() + 2);
                int nalHeader = (header & 0x81FF) | ((fragment & 0x3F) << 9);
                ByteBuf rest = payload.slice(payload.readerIndex() + 3, payload.readableBytes() - 3);
                fragment((fragment & 0x80) != 0, (fragment & 0x40) != 0, nalHeader, 2, rest);
            }
            default -> {
                if (type(header) > FRAGMENTATION) {
                    throw new MalformedMediaException("a packet of type " + type(header));
                }
                nalUnit(payload);
            }
        }
    }

    private static int type(int header) {
        return header >> 9 & 0x3F;
    }

    @Override
    boolean beginsAccessUnit(ByteBuf payload) {
        if (payload.readableBytes() < 6) {
            return false;
        }
        int at = payload.readerIndex();
        return switch (type(payload.getUnsignedShort(at))) {
            case AGGREGATION -> begins(payload.slice(at + 4, payload.readableBytes() - 4));
            case FRAGMENTATION -> (payload.getByte(at + 2) & 0x80) != 0 && (payload.getByte(at + 3) & 0x80) != 0;
            default -> begins(payload);
        };
    }

    @Override
    Kind kind(ByteBuf nalUnit) {
        // A start code in front looks like a slice without a layer: what follows it decides.
        if (nalUnit.getUnsignedShort(nalUnit.readerIndex()) <= 1) {
            return Kind.LEFT_OUT;
        }
        int type = HevcNalUnitType.of(nalUnit.getByte(nalUnit.readerIndex()));
        if (type < FIRST_RESERVED_SLICE) {
            return type <= LAST_UNREFERENCED && type % 2 == 0 ? Kind.DISPOSABLE : Kind.REFERENCE;
        }
        return switch (type) {
            case HevcNalUnitType.VIDEO_PARAMETER_SET,
                    HevcNalUnitType.SEQUENCE_PARAMETER_SET,
                    HevcNalUnitType.PICTURE_PARAMETER_SET -> Kind.PARAMETER_SET;
            case HevcNalUnitType.ACCESS_UNIT_DELIMITER -> Kind.DELIMITER;
            case PREFIX_SEI, SUFFIX_SEI -> Kind.BESIDE;
            default -> Kind.LEFT_OUT;
        };
    }

    /** first_slice_segment_in_pic_flag (§7.3.6.1). */
    @Override
    boolean beginsPicture(ByteBuf slice) {
        return slice.readableBytes() > 2 && (slice.getByte(slice.readerIndex() + 2) & 0x80) != 0;
    }

    /** The types of NAL units say it all. */
    @Override
    boolean mayStart(ByteBuf nalUnit) {
        return false;
    }

    @Override
    void parameterSet(byte[] set) {
        sets.put(set);
    }

    @Override
    TrackFormat.@Nullable Video format() {
        return sets.format();
    }

    @Override
    int reordered() {
        H265.Format now = sets.format();
        return now == null ? 0 : now.configuration().reorderedPictures();
    }
}
