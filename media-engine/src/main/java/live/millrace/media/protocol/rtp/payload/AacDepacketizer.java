// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;

/** AAC behind AU headers (RFC 3640), in its high and low bit rate modes. */
final class AacDepacketizer extends AudioDepacketizer {
    /** More frames in a packet than this is an attack on our loops: at 8 kHz they last 16 s. */
    private static final int MAX_ACCESS_UNITS = 128;

    private static final int ADTS_SYNC = 0xFFF0;
    private static final int CRC = 2;

    private final Aac.Format format;
    private final int sizeLength;
    private final int indexLength;
    private final int indexDeltaLength;

    /** Nothing is said of indices: then there are none (§4.1), or the packets show that there are. */
    private final boolean guessIndices;

    private int wanted;

    /** @throws UnsupportedMediaException if the description says too little, or what is not carried */
    AacDepacketizer(int trackId, PayloadFormat described, FrameSink sink) {
        super(trackId, described.clockRate(), sink);
        format = format(described);
        boolean low = described.parameter("mode").orElse("").equalsIgnoreCase("AAC-lbr");
        sizeLength = length(described, "sizelength", low ? 6 : 13);
        indexLength = length(described, "indexlength", 0);
        indexDeltaLength = length(described, "indexdeltalength", 0);
        guessIndices = described.parameter("indexlength").isEmpty();
        for (String field : new String[] {
            "ctsdeltalength",
            "dtsdeltalength",
            "randomaccessindication",
            "streamstateindication",
            "auxiliarydatasizelength"
        }) {
            if (described.number(field, 0) != 0) {
                throw new UnsupportedMediaException("AAC with " + field);
            }
        }
    }

    private static int length(PayloadFormat described, String name, int usual) {
        int length = described.number(name, usual);
        if (length < 0 || length > 16) {
            throw new UnsupportedMediaException("AAC with a " + name + " of " + length);
        }
        return length;
    }

    private static Aac.Format format(PayloadFormat described) {
        String config =
                described.parameter("config").orElseThrow(() -> new UnsupportedMediaException("AAC without config"));
        try {
            return Aac.CODEC.configuration(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(config)));
        } catch (MalformedMediaException | IllegalArgumentException e) {
            throw new UnsupportedMediaException("AAC with a broken config");
        }
    }

    /** §3.2.1: the length of the AU headers in bits, the headers, the access units. */
    @Override
    void read(RtpPacket packet, long time) {
        ByteBuf in = packet.payload().slice();
        int headerBits = in.readUnsignedShort();
        byte[] headers = new byte[(headerBits + 7) / 8];
        in.readBytes(headers);
        int index = guessIndices && headerBits % (sizeLength + 3) == 0 ? 3 : indexLength;
        int indexDelta = guessIndices && headerBits % (sizeLength + 3) == 0 ? 3 : indexDeltaLength;
        BitReader bits = new BitReader(headers);
        int count = 0;
        for (int read = 0; read < headerBits; count++) {
            if (count == MAX_ACCESS_UNITS) {
                throw new MalformedMediaException("more than " + MAX_ACCESS_UNITS + " frames in a packet");
            }
            int size = (int) bits.bits(sizeLength);
            int indexBits = count == 0 ? index : indexDelta;
            bits.skip(indexBits);
            read += sizeLength + indexBits;
            if (size > in.readableBytes() || inPart()) {
                fragment(size, packet.marker(), time, in);
                return;
            }
            accessUnit(time, count, in.readSlice(size));
        }
    }

    /** §3.2.3.1: each part repeats the size of the whole; the marker stands at the last. */
    private void fragment(int size, boolean last, long time, ByteBuf in) {
        if (!inPart()) {
            wanted = size;
        }
        if (size != wanted || size > AudioSpecificConfig.MAX_ADTS_PAYLOAD) {
            lost();
            throw new MalformedMediaException("parts of a frame of " + size + " bytes");
        }
        ByteBuf whole = continued(in);
        if (whole.readableBytes() >= wanted) {
            try {
                accessUnit(time, 0, whole.slice(whole.readerIndex(), wanted));
            } finally {
                lost();
            }
        } else if (last) {
            lost();
            throw new MalformedMediaException("a frame that ends before its size");
        }
    }

    private void accessUnit(long time, int index, ByteBuf accessUnit) {
        ByteBuf raw = withoutAdts(accessUnit);
        Aac.CODEC.check(raw);
        if (raw.isReadable()) {
            sound(format, time, (long) index * format.samplesPerFrame(), raw);
        }
    }

    /** Some cameras leave the header of a file in front of each frame (ISO/IEC 14496-3 §1.A.2.2). */
    private static ByteBuf withoutAdts(ByteBuf accessUnit) {
        int at = accessUnit.readerIndex();
        int size = accessUnit.readableBytes();
        if (size <= AudioSpecificConfig.ADTS_HEADER || (accessUnit.getUnsignedShort(at) & 0xFFF6) != ADTS_SYNC) {
            return accessUnit;
        }
        int length = (accessUnit.getInt(at + 3) >> 13) & 0x1FFF;
        int header = AudioSpecificConfig.ADTS_HEADER + ((accessUnit.getByte(at + 1) & 1) == 0 ? CRC : 0);
        return length == size && size > header ? accessUnit.slice(at + header, size - header) : accessUnit;
    }
}
