// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.time.Timescale;

/** MP3 (RFC 2250 §3.5): a frame for each packet, or several packets for one that is larger. */
final class MpegAudioPacketizer implements Packetizer {
    private static final int HEADER = 4;

    @Override
    public PayloadFormat format(int payloadType) {
        return new PayloadFormat(payloadType, "MPA", Timescale.MPEG, 1, Map.of());
    }

    @Override
    public void packetize(MediaFrame frame, Payloads out) {
        ByteBuf bytes = frame.payload();
        int size = bytes.readableBytes();
        int most = out.largest() - HEADER;
        for (int at = 0; at < size; at += most) {
            int part = Math.min(most, size - at);
            ByteBuf packet = out.packet(HEADER + part, false, 0);
            packet.writeShort(0).writeShort(at).writeBytes(bytes, bytes.readerIndex() + at, part);
        }
    }
}
