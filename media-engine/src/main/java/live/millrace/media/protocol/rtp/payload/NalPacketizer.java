// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.h264.NalUnitType;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.h265.HevcNalUnitType;
import live.millrace.media.codec.nal.NalUnits;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;

/**
 * H.264 (RFC 6184, packetization mode 1) and H.265 (RFC 7798): a packet for each NAL unit, or several for one that is larger. The parameter
 * sets go before each random access point, in its own access unit: most receivers have no other, and browsers throw away those of another.
 */
abstract class NalPacketizer implements Packetizer {
    private static final int CLOCK_RATE = 90_000;
    private static final int START = 0x80;
    private static final int END = 0x40;

    private final int lengthSize;
    private final int headerBytes;
    private final List<byte[]> parameterSets;

    private NalPacketizer(int lengthSize, int headerBytes, List<byte[]> parameterSets) {
        this.lengthSize = lengthSize;
        this.headerBytes = headerBytes;
        this.parameterSets = parameterSets;
    }

    static NalPacketizer of(H264.Format format) {
        return new OfH264(format);
    }

    static NalPacketizer of(H265.Format format) {
        return new OfH265(format);
    }

    abstract boolean isDelimiter(byte header);

    abstract boolean isParameterSet(byte header);

    /** Writes what stands in place of a NAL unit's header in each of its parts. */
    abstract void fragmentHeader(ByteBuf unit, int startOrEnd, ByteBuf out);

    @Override
    public final void packetize(MediaFrame frame, Payloads out) {
        ByteBuf unit = frame.payload();
        List<ByteBuf> nalUnits = new ArrayList<>();
        boolean sets = false;
        int at = unit.readerIndex();
        while (at < unit.writerIndex()) {
            int length = NalUnits.length(unit, at, lengthSize);
            at += lengthSize;
            if (length > headerBytes && !isDelimiter(unit.getByte(at))) {
                sets |= isParameterSet(unit.getByte(at));
                nalUnits.add(unit.slice(at, length));
            }
            at += length;
        }
        if (frame.randomAccessPoint() && !sets && !nalUnits.isEmpty()) {
            List<ByteBuf> before =
                    parameterSets.stream().map(Unpooled::wrappedBuffer).toList();
            nalUnits.addAll(0, before);
        }
        for (int i = 0; i < nalUnits.size(); i++) {
            one(nalUnits.get(i), i == nalUnits.size() - 1, out);
        }
    }

    private void one(ByteBuf nalUnit, boolean last, Payloads out) {
        int size = nalUnit.readableBytes();
        if (size <= out.largest()) {
            out.packet(size, last, 0).writeBytes(nalUnit, nalUnit.readerIndex(), size);
            return;
        }
        int most = out.largest() - headerBytes - 1;
        int at = headerBytes;
        while (at < size) {
            int part = Math.min(most, size - at);
            boolean end = at + part == size;
            int flags = (at == headerBytes ? START : 0) | (end ? END : 0);
            ByteBuf packet = out.packet(headerBytes + 1 + part, last && end, 0);
            fragmentHeader(nalUnit, flags, packet);
            packet.writeBytes(nalUnit, nalUnit.readerIndex() + at, part);
            at += part;
        }
    }

    private static String described(List<byte[]> sets) {
        return sets.stream().map(Base64.getEncoder()::encodeToString).collect(Collectors.joining(","));
    }

    private static final class OfH264 extends NalPacketizer {
        private static final int FU_A = 28;
        private static final int TYPE = 0x1F;

        private final H264.Format format;

        OfH264(H264.Format format) {
            super(format.configuration().lengthSize(), 1, format.configuration().parameterSets());
            this.format = format;
        }

        @Override
        public PayloadFormat format(int payloadType) {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("packetization-mode", "1");
            // avc1.PPCCLL: the same six digits
            parameters.put("profile-level-id", format.codecString().substring(5).toUpperCase(Locale.ROOT));
            parameters.put(
                    "sprop-parameter-sets", described(format.configuration().parameterSets()));
            return new PayloadFormat(payloadType, "H264", CLOCK_RATE, 1, parameters);
        }

        @Override
        boolean isDelimiter(byte header) {
            return NalUnitType.of(header) == NalUnitType.ACCESS_UNIT_DELIMITER;
        }

        @Override
        boolean isParameterSet(byte header) {
            return NalUnitType.of(header) == NalUnitType.SEQUENCE_PARAMETER_SET;
        }

        /** §5.8: FU indicator, FU header. */
        @Override
        void fragmentHeader(ByteBuf unit, int startOrEnd, ByteBuf out) {
            int header = unit.getUnsignedByte(unit.readerIndex());
            out.writeByte((header & ~TYPE) | FU_A).writeByte(startOrEnd | (header & TYPE));
        }
    }

    private static final class OfH265 extends NalPacketizer {
        private static final int FRAGMENTATION = 49;

        private final H265.Format format;

        OfH265(H265.Format format) {
            super(format.configuration().lengthSize(), 2, format.configuration().parameterSets());
            this.format = format;
        }

        @Override
        public PayloadFormat format(int payloadType) {
            Map<String, String> parameters = new LinkedHashMap<>();
            put("sprop-vps", HevcNalUnitType.VIDEO_PARAMETER_SET, parameters);
            put("sprop-sps", HevcNalUnitType.SEQUENCE_PARAMETER_SET, parameters);
            put("sprop-pps", HevcNalUnitType.PICTURE_PARAMETER_SET, parameters);
            return new PayloadFormat(payloadType, "H265", CLOCK_RATE, 1, parameters);
        }

        /** Nothing rather than an empty attribute, at which receivers stumble. */
        private void put(String name, int type, Map<String, String> parameters) {
            List<byte[]> sets = format.configuration().parameterSets().stream()
                    .filter(set -> HevcNalUnitType.of(set[0]) == type)
                    .toList();
            if (!sets.isEmpty()) {
                parameters.put(name, described(sets));
            }
        }

        @Override
        boolean isDelimiter(byte header) {
            return HevcNalUnitType.of(header) == HevcNalUnitType.ACCESS_UNIT_DELIMITER;
        }

        @Override
        boolean isParameterSet(byte header) {
            return HevcNalUnitType.of(header) == HevcNalUnitType.SEQUENCE_PARAMETER_SET;
        }

        /** §4.4.3: payload header, FU header. */
        @Override
        void fragmentHeader(ByteBuf unit, int startOrEnd, ByteBuf out) {
            int header = unit.getUnsignedShort(unit.readerIndex());
            out.writeShort((header & 0x81FF) | (FRAGMENTATION << 9)).writeByte(startOrEnd | ((header >> 9) & 0x3F));
        }
    }
}
