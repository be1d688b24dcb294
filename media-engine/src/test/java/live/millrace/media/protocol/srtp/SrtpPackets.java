// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import live.millrace.media.protocol.rtp.packet.RtpPacket;

/** Packets and keys that are the same in every run. */
final class SrtpPackets {
    static final int SSRC = 0xCAFEBABE;

    private SrtpPackets() {}

    static SrtpKeys keys(SrtpProfile profile) {
        Random random = new Random(profile.id());
        byte[] export = new byte[profile.exportLength()];
        random.nextBytes(export);
        return SrtpKeys.ofClient(profile, export);
    }

    /** A packet whose payload tells its source and number. */
    static ByteBuf rtp(int ssrc, int sequenceNumber, int payload) {
        ByteBuf packet = Unpooled.buffer();
        RtpPacket.writeHeader(true, 96, sequenceNumber & 0xFFFF, 90_000, ssrc, packet);
        for (int i = 0; i < payload; i++) {
            packet.writeByte(ssrc + sequenceNumber + i);
        }
        return packet;
    }

    static ByteBuf rtp(int sequenceNumber) {
        return rtp(SSRC, sequenceNumber, 40);
    }

    /** A receiver report without blocks, and a description. */
    static ByteBuf rtcp(int ssrc) {
        return Unpooled.buffer()
                .writeInt(0x80C9_0001)
                .writeInt(ssrc)
                .writeInt(0x81CA_0002)
                .writeInt(ssrc)
                .writeInt(0x0102_6162)
                .writeInt(0);
    }

    static ByteBuf protect(SrtpSender sender, ByteBuf plain) {
        ByteBuf out = Unpooled.buffer();
        if (!sender.protect(plain, out)) {
            throw new AssertionError("not protected");
        }
        return out;
    }

    static ByteBuf protectControl(SrtpSender sender, ByteBuf plain) {
        ByteBuf out = Unpooled.buffer();
        if (!sender.protectControl(plain, out)) {
            throw new AssertionError("not protected");
        }
        return out;
    }

    static String hex(ByteBuf packet) {
        return ByteBufUtil.hexDump(packet);
    }
}
