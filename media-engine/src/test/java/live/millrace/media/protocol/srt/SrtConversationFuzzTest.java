// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Optional;

/** Packets of somebody who has a connection and no manners. */
class SrtConversationFuzzTest {
    private static final int PACKET = 40;

    private static final class Counting implements SrtConversation.Peer {
        private int sent;

        @Override
        public void send(ByteBuf packet) {
            sent++;
            packet.release();
        }

        @Override
        public void media(ByteBuf payload) {
            assertThat(payload.refCnt()).isPositive();
        }

        @Override
        public void keys(byte[] message) {}

        @Override
        public void shutDown() {}
    }

    @FuzzTest(maxDuration = "60s")
    void anythingIsTaken(byte[] input) {
        Counting peer = new Counting();
        SrtConversation conversation = new SrtConversation(
                new SrtConversation.Terms(1, 0x7FFF_FFF0, 8_192, 0, 0, 0, 120, 120),
                Optional.empty(),
                SrtRekeying.USUAL,
                UnpooledByteBufAllocator.DEFAULT,
                0,
                peer);
        ByteBuf all = Unpooled.wrappedBuffer(input);
        long now = 0;
        int packets = 0;
        ByteBuf payload = Unpooled.buffer().writeZero(1_316);
        while (all.isReadable()) {
            ByteBuf packet = all.readBytes(Math.min(PACKET, all.readableBytes()));
            conversation.take(packet, now);
            packet.release();
            if (conversation.hasRoom()) {
                conversation.send(payload.setIndex(0, 1_316), 1_316, now);
            }
            now += 7_000;
            conversation.tick(now);
            packets++;
        }
        assertThat(peer.sent).as("no packet makes us send without end").isLessThan(2_000 + packets * 1_100);
        conversation.close();
    }
}
