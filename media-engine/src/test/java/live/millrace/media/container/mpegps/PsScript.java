// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegps;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Writes program streams as cameras do, piece by piece. */
public final class PsScript {
    private static final int MOST_IN_PACKET = 65_000;

    private PsScript() {}

    public static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
    }

    /** The head of a pack with some bytes of stuffing. */
    public static ByteBuf pack(int stuffing) {
        ByteBuf pack = Unpooled.buffer()
                .writeBytes(hex("000001ba 440004000401 0189c3"))
                .writeByte(0xF8 | stuffing);
        for (int i = 0; i < stuffing; i++) {
            pack.writeByte(0xFF);
        }
        return pack;
    }

    /** A system header, for the pack of a key frame. */
    public static ByteBuf system() {
        return hex("000001bb 000c 80c4e1 04e1 7f e0e080 c0c008");
    }

    /** A map of a picture, and sound. */
    public static ByteBuf map(int video, int audio) {
        return hex("000001bc 0012 e1ff 0000 0008" + "%02x".formatted(video) + "e00000" + "%02x".formatted(audio)
                + "c00000 00000000");
    }

    /** One picture or frame of sound in as many PES packets as it takes; the first alone has a stamp. */
    public static ByteBuf pes(int id, long time, ByteBuf payload) {
        ByteBuf out = Unpooled.buffer();
        boolean first = true;
        while (payload.isReadable()) {
            int size = Math.min(payload.readableBytes(), MOST_IN_PACKET);
            int head = first ? 5 : 0;
            out.writeMedium(1).writeByte(id).writeShort(3 + head + size).writeByte(0x80);
            out.writeByte(first ? 0x80 : 0).writeByte(head);
            if (first) {
                out.writeByte((int) (0x20 | (time >>> 30 & 7) << 1 | 1));
                out.writeShort((int) ((time >>> 15 & 0x7FFF) << 1 | 1)).writeShort((int) ((time & 0x7FFF) << 1 | 1));
            }
            out.writeBytes(payload, size);
            first = false;
        }
        return out;
    }
}
