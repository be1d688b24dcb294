// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.bytes.Crc32Mpeg;

/** Tables for tests. */
final class TsTables {
    private TsTables() {}

    /** A section behind its pointer, filled up to a packet; its length and checksum are put in. */
    static ByteBuf section(String body) {
        ByteBuf section = Unpooled.buffer().writeByte(0).writeBytes(ByteBufUtil.decodeHexDump(body.replace(" ", "")));
        section.setShort(2, 0xB000 | section.readableBytes());
        section.writeInt(Crc32Mpeg.of(section, 1, section.readableBytes() - 1));
        while (section.readableBytes() < TsPacketWriter.PAYLOAD) {
            section.writeByte(0xFF);
        }
        return section;
    }

    /** PAT and PMT of one program with a stream of each kind at 0x100, 0x101 and so on, and a packet of nothing for the lock. */
    static ByteBuf ofEverything() {
        ByteBuf out = Unpooled.buffer();
        new TsPacketWriter(0).write(section("00 0000 0001 c1 0000 0001 f000"), false, false, -1, out);
        new TsPacketWriter(0x1000)
                .write(
                        section("02 0000 0001 c1 0000 e100 f000 1b e100 f000 24 e101 f000 0f e102 f000 11 e103 f000"
                                + "03 e104 f000 81 e105 f000 87 e106 f000 06 e107 f006 0504 4f707573"),
                        false,
                        false,
                        -1,
                        out);
        new TsPacketWriter(0x1FFF).write(Unpooled.buffer().writeZero(184), false, false, -1, out);
        return out;
    }
}
