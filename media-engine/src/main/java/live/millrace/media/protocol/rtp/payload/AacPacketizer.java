// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;

/** AAC in the high bit rate mode of RFC 3640 (§3.3.6): a frame for each packet, or several packets for one that is larger. */
final class AacPacketizer implements Packetizer {
    /** AU-headers-length, and one header of 16 bits. */
    private static final int HEADERS = 4;

    private static final int HEADER_BITS = 16;

    private final Aac.Format format;

    AacPacketizer(Aac.Format format) {
        this.format = format;
    }

    @Override
    public PayloadFormat format(int payloadType) {
        ByteBuf config = Unpooled.buffer();
        format.writeConfiguration(config);
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("streamtype", "5");
        parameters.put("profile-level-id", "1");
        parameters.put("mode", "AAC-hbr");
        parameters.put("sizelength", "13");
        parameters.put("indexlength", "3");
        parameters.put("indexdeltalength", "3");
        parameters.put("config", ByteBufUtil.hexDump(config));
        return new PayloadFormat(payloadType, "MPEG4-GENERIC", format.sampleRate(), format.channels(), parameters);
    }

    /** The marker stands at the end of a frame; each part tells the size of the whole. */
    @Override
    public void packetize(MediaFrame frame, Payloads out) {
        ByteBuf raw = frame.payload();
        int size = raw.readableBytes();
        int most = out.largest() - HEADERS;
        for (int at = 0; at < size; at += most) {
            int part = Math.min(most, size - at);
            ByteBuf packet = out.packet(HEADERS + part, at + part == size, 0);
            packet.writeShort(HEADER_BITS).writeShort(size << 3);
            packet.writeBytes(raw, raw.readerIndex() + at, part);
        }
    }
}
