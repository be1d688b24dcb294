// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.time.Timescale;

/** VP8 (RFC 7741 §4.2) with picture ids of 15 bits; every packet says that it is of the first partition, as it may. */
final class Vp8Packetizer implements Packetizer {
    private static final int HEADER = 4;
    private static final int EXTENDED = 0x80;
    private static final int START = 0x10;
    private static final int PICTURE_ID = 0x80;
    private static final int FIFTEEN_BITS = 0x8000;
    private static final int ID_MASK = 0x7FFF;

    private int pictureId;

    @Override
    public PayloadFormat format(int payloadType) {
        return new PayloadFormat(payloadType, "VP8", Timescale.MPEG, 1, Map.of());
    }

    @Override
    public void packetize(MediaFrame frame, Payloads out) {
        ByteBuf picture = frame.payload();
        int size = picture.readableBytes();
        int most = out.largest() - HEADER;
        for (int at = 0; at < size; at += most) {
            int part = Math.min(most, size - at);
            ByteBuf packet = out.packet(HEADER + part, at + part == size, 0);
            packet.writeByte(EXTENDED | (at == 0 ? START : 0))
                    .writeByte(PICTURE_ID)
                    .writeShort(FIFTEEN_BITS | pictureId)
                    .writeBytes(picture, picture.readerIndex() + at, part);
        }
        pictureId = (pictureId + 1) & ID_MASK;
    }
}
