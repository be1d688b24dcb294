// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.time.Timescale;

/** VP9 (RFC 9628 §4.2) without layers, with picture ids of 15 bits. */
final class Vp9Packetizer implements Packetizer {
    private static final int HEADER = 3;
    private static final int PICTURE_ID = 0x80;
    private static final int PREDICTED = 0x40;
    private static final int START = 0x08;
    private static final int END = 0x04;
    private static final int NOT_REFERRED_ACROSS_LAYERS = 0x01;
    private static final int ID_MASK = 0x7FFF;

    private int pictureId;

    @Override
    public PayloadFormat format(int payloadType) {
        return new PayloadFormat(payloadType, "VP9", Timescale.MPEG, 1, Map.of());
    }

    @Override
    public void packetize(MediaFrame frame, Payloads out) {
        ByteBuf picture = frame.payload();
        int size = picture.readableBytes();
        int most = out.largest() - HEADER;
        int flags = PICTURE_ID | NOT_REFERRED_ACROSS_LAYERS | (frame.randomAccessPoint() ? 0 : PREDICTED);
        for (int at = 0; at < size; at += most) {
            int part = Math.min(most, size - at);
            boolean end = at + part == size;
            ByteBuf packet = out.packet(HEADER + part, end, 0);
            packet.writeByte(flags | (at == 0 ? START : 0) | (end ? END : 0)).writeShort(0x8000 | pictureId);
            packet.writeBytes(picture, picture.readerIndex() + at, part);
        }
        pictureId = (pictureId + 1) & ID_MASK;
    }
}
