// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeHandlerTest {
    private static final int BLOCK = HandshakeHandler.BLOCK;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 1537, 4000})
    void simpleHandshakeEchoesC1AndHandsOnWhatFollowsC2(int step) {
        EmbeddedChannel channel = new EmbeddedChannel(new HandshakeHandler());
        byte[] c1 = random(1);
        Arrays.fill(c1, 4, 8, (byte) 0);
        ByteBuf all =
                Unpooled.buffer().writeByte(3).writeBytes(c1).writeZero(BLOCK).writeBytes(new byte[] {9, 8, 7});
        ByteBuf rest = Unpooled.buffer();
        while (all.isReadable()) {
            channel.writeInbound(all.readRetainedSlice(Math.min(step, all.readableBytes())));
            for (ByteBuf passed = channel.readInbound(); passed != null; passed = channel.readInbound()) {
                rest.writeBytes(passed);
                passed.release();
            }
        }
        ByteBuf answer = channel.readOutbound();
        assertThat(answer.readableBytes()).isEqualTo(1 + 2 * BLOCK);
        assertThat(answer.getByte(0)).isEqualTo((byte) 3);
        assertThat(answer.getInt(5)).as("S1 says: simple").isZero();
        assertThat(ByteBufUtil.getBytes(answer, 1 + BLOCK, BLOCK)).isEqualTo(c1);
        assertThat(ByteBufUtil.getBytes(rest)).containsExactly(9, 8, 7);
        assertThat(channel.pipeline().get(HandshakeHandler.class)).isNull();
        answer.release();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 772})
    void aDigestIsFoundInBothLayoutsAndAnswered(int tellAt) throws Exception {
        byte[] c1 = random(2);
        int sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += c1[tellAt + i] & 0xFF;
        }
        int at = sum % 728 + tellAt + 4;
        byte[] rest = new byte[BLOCK - 32];
        System.arraycopy(c1, 0, rest, 0, at);
        System.arraycopy(c1, at + 32, rest, at, rest.length - at);
        byte[] digest = hmac("Genuine Adobe Flash Player 001".getBytes(StandardCharsets.US_ASCII), rest);
        System.arraycopy(digest, 0, c1, at, 32);

        assertThat(HandshakeDigest.find(c1)).hasValue(at);
        EmbeddedChannel channel = new EmbeddedChannel(new HandshakeHandler());
        channel.writeInbound(Unpooled.buffer().writeByte(3).writeBytes(c1));
        ByteBuf answer = channel.readOutbound();
        byte[] s2 = ByteBufUtil.getBytes(answer, 1 + BLOCK, BLOCK);
        assertThat(Arrays.copyOfRange(s2, BLOCK - 32, BLOCK)).isEqualTo(HandshakeDigest.response(s2, digest));
        assertThat(answer.getInt(5)).as("S1 carries a server version").isNotZero();
        answer.release();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatLooksLikeTextIsRefusedAtTheFirstByte() {
        EmbeddedChannel channel = new EmbeddedChannel(new HandshakeHandler());
        assertThatThrownBy(() ->
                        channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n", StandardCharsets.US_ASCII)))
                .hasMessageContaining("no RTMP version");
        channel.finishAndReleaseAll();
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAnsweredOrFailCleanly(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new HandshakeHandler());
        try {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
        } catch (DecoderException expected) {
            assertThat(expected.getCause()).hasMessageContaining("RTMP version");
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static byte[] random(long seed) {
        byte[] block = new byte[BLOCK];
        new Random(seed).nextBytes(block);
        return block;
    }

    private static byte[] hmac(byte[] key, byte[] data) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }
}
