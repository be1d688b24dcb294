// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bytes of real programs. */
class SrtHandshakeTest {
    /** FFmpeg 5.1 with libsrt 1.5.1. */
    private static final String INDUCTION = "8000000000000000000000990000000000000004000000027075"
            + "09e6000005dc00002000000000013332222a000000000100007f000000000000000000000000";

    /** The same; its passphrase is 0123456789abc. */
    private static final String CONCLUSION =
            "80000000000000000000045d000000000000000500000007707509e6000005dc00002000fff"
                    + "fffff3332222a123456780100007f0000000000000000000000000001000300010501000000bf019001900005000721333225"
                    + "3d723a3a6576696c6e6e612f3d6d2c616c627570006873690003000e122029010000000002000200000004048c4e721e0d621"
                    + "db1acbfd38cade54b23d886f7a3b5313cb8fc6c9c6af62bb47b019eb8cdfa870159";

    /** GStreamer 1.22, without encryption. */
    private static final String PLAIN = "80000000000000000000015b00000000000000050000000578f42bcd000005dc00002000ffffff"
            + "ff2190adcb123456780100007f0000000000000000000000000001000300010501000000bf007d007d000500056c6275703a6"
            + "873696576696c6e6e612f00000061";

    private static final byte[] HERE = {127, 0, 0, 1};
    private static final InetSocketAddress CALLER = new InetSocketAddress("192.0.2.7", 4_242);

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    @Test
    void theFirstHandshakeIsAnsweredInAsManyBytes() throws Exception {
        ByteBuf packet = bytes(INDUCTION);
        assertThat(SrtPacket.isHandshake(packet)).isTrue();
        assertThat(SrtPacket.destination(packet)).isZero();
        SrtHandshake read = SrtHandshake.read(packet);
        assertThat(read)
                .isEqualTo(new SrtHandshake(4, 0, 2, 0x707509e6, 1_500, 8_192, SrtHandshake.INDUCTION, 0x3332222a, 0));
        ByteBuf answer = read.induction(0x12345678, 0)
                .packet(UnpooledByteBufAllocator.DEFAULT, 0, read.socket(), HERE, Unpooled.EMPTY_BUFFER);
        assertThat(ByteBufUtil.hexDump(answer))
                .isEqualTo("800000000000000000000000" + "3332222a" + "00000005" + "00004a17" + "707509e6" + "000005dc"
                        + "00002000" + "00000001" + "3332222a" + "12345678" + "7f000001000000000000000000000000")
                .hasSameSizeAs(INDUCTION);
        answer.release();
    }

    @Test
    void aConclusionIsRead() throws Exception {
        ByteBuf packet = bytes(CONCLUSION);
        assertThat(SrtPacket.destination(packet)).as("as with every libsrt").isZero();
        assertThat(SrtHandshake.read(packet))
                .isEqualTo(new SrtHandshake(
                        5, 0, 7, 0x707509e6, 1_500, 8_192, SrtHandshake.CONCLUSION, 0x3332222a, 0x12345678));
        SrtExtensions wishes = SrtExtensions.read(packet);
        assertThat(wishes.receiveLatency()).isEqualTo(400);
        assertThat(wishes.sendLatency()).isEqualTo(400);
        assertThat(wishes.library()).isEqualTo("SRT 1.5.1");
        assertThat(wishes.streamId()).contains("%23!::r=live/anna,m=publish");
        assertThat(SrtKeys.unwrap(wishes.keys().orElseThrow(), "0123456789abc").even())
                .hasSize(16);
        assertThatThrownBy(() -> SrtKeys.unwrap(wishes.keys().orElseThrow(), "0123456789abd"))
                .isInstanceOfSatisfying(
                        MalformedSrtException.class, e -> assertThat(e.reject()).isEqualTo(SrtReject.BAD_SECRET));
    }

    @Test
    void aConclusionWithoutEncryptionIsReadAndAnswered() throws Exception {
        ByteBuf packet = bytes(PLAIN);
        SrtHandshake conclusion = SrtHandshake.read(packet);
        SrtExtensions wishes = SrtExtensions.read(packet);
        assertThat(wishes.keys()).isEmpty();
        assertThat(wishes.streamId()).contains("publish:live/anna");
        ByteBuf blocks = Unpooled.buffer();
        int field = SrtExtensions.write(400, 125, Optional.empty(), blocks);
        ByteBuf answer = conclusion
                .accepted(77, field)
                .packet(UnpooledByteBufAllocator.DEFAULT, 5, conclusion.socket(), HERE, blocks);
        assertThat(ByteBufUtil.hexDump(answer))
                .isEqualTo("8000000000000000" + "00000005" + "2190adcb" + "00000005" + "00000001" + "78f42bcd"
                        + "000005dc" + "00002000" + "ffffffff" + "0000004d" + "12345678"
                        + "7f000001000000000000000000000000" + "00020003" + "00010501" + "0000003f" + "0190007d");
        answer.release();
        ByteBuf no = conclusion
                .refused(SrtReject.FORBIDDEN)
                .packet(UnpooledByteBufAllocator.DEFAULT, 5, conclusion.socket(), HERE, Unpooled.EMPTY_BUFFER);
        assertThat(no.getInt(SrtPacket.HEADER + 20))
                .as("1403, as libsrt writes it")
                .isEqualTo(2_403);
        no.release();
    }

    /** What we ask for as a caller is what a listener reads, and its answer what we read. */
    @Test
    void aCallIsReadAndItsAnswerIsUnderstood() throws Exception {
        SrtHandshake first = SrtHandshake.first(0x707509e6, 0x3332222a);
        ByteBuf packet = first.packet(UnpooledByteBufAllocator.DEFAULT, 0x99, 0, HERE, Unpooled.EMPTY_BUFFER);
        assertThat(ByteBufUtil.hexDump(packet, 0, 48)).as("as FFmpeg").isEqualTo(INDUCTION.substring(0, 96));
        packet.release();
        ByteBuf wishes = Unpooled.buffer();
        int field = SrtExtensions.writeCall(400, Optional.of(new byte[] {1, 2, 3, 4}), "read:live/anna", wishes);
        ByteBuf conclusion =
                first.concluding(24, field, 77).packet(UnpooledByteBufAllocator.DEFAULT, 0, 0, HERE, wishes);
        assertThat(SrtHandshake.read(conclusion))
                .isEqualTo(
                        new SrtHandshake(5, 3, 7, 0x707509e6, 1_500, 8_192, SrtHandshake.CONCLUSION, 0x3332222a, 77));
        SrtExtensions read = SrtExtensions.read(conclusion);
        assertThat(read.streamId()).contains("read:live/anna");
        assertThat(read.receiveLatency()).isEqualTo(400);
        assertThat(read.keys().orElseThrow()).containsExactly(1, 2, 3, 4);
        conclusion.release();
        ByteBuf yes = Unpooled.buffer();
        SrtExtensions.write(300, 200, Optional.of(new byte[40]), yes);
        SrtExtensions answer = SrtExtensions.readAnswer(yes);
        assertThat(answer.receiveLatency()).isEqualTo(300);
        assertThat(answer.sendLatency()).isEqualTo(200);
        assertThat(answer.keys()).isPresent();
    }

    /** A listener without enforced encryption says so with a state in the place of the keys. */
    @Test
    void keysThatTheOtherSideCannotReadAreAWrongPassphrase() {
        ByteBuf answer = Unpooled.buffer();
        SrtExtensions.write(300, 200, Optional.of(new byte[] {0, 0, 0, 4}), answer);
        assertThatThrownBy(() -> SrtExtensions.readAnswer(answer))
                .isInstanceOfSatisfying(
                        MalformedSrtException.class, e -> assertThat(e.reject()).isEqualTo(SrtReject.BAD_SECRET));
    }

    @Test
    void whatIsNoLiveModeIsRefused() {
        String prefix = "00010003" + "00010501" + "000000ff" + "00780078";
        assertThatThrownBy(() -> SrtExtensions.read(bytes(prefix)))
                .isInstanceOfSatisfying(
                        MalformedSrtException.class, e -> assertThat(e.reject()).isEqualTo(SrtReject.MESSAGE_API));
        String file = "00010003" + "00010501" + "000000bf" + "00780078" + "00060001" + "656c6966";
        assertThatThrownBy(() -> SrtExtensions.read(bytes(file)))
                .isInstanceOfSatisfying(
                        MalformedSrtException.class, e -> assertThat(e.reject()).isEqualTo(SrtReject.CONGESTION));
    }

    @Test
    void longIdsAndCutBlocksAreRefused() {
        assertThatThrownBy(() -> SrtExtensions.read(bytes("000500ff"))).isInstanceOf(MalformedSrtException.class);
        assertThatThrownBy(() -> SrtExtensions.read(bytes("00050081" + "41".repeat(516))))
                .isInstanceOfSatisfying(
                        MalformedSrtException.class, e -> assertThat(e.reject()).isEqualTo(SrtReject.BAD_REQUEST));
        assertThatThrownBy(() -> SrtExtensions.read(Unpooled.EMPTY_BUFFER)).isInstanceOf(MalformedSrtException.class);
    }

    @Test
    void aCookieIsGoodForItsAddressInItsMinuteAndTheNext() {
        SrtCookies cookies = new SrtCookies();
        long noon = 43_200_000_000L;
        int cookie = cookies.bake(CALLER, noon);
        assertThat(cookies.isGood(cookie, CALLER, noon + 59_000_000)).isTrue();
        assertThat(cookies.isGood(cookie, CALLER, noon + 119_000_000)).isTrue();
        assertThat(cookies.isGood(cookie, CALLER, noon + 121_000_000)).isFalse();
        assertThat(cookies.isGood(cookie, new InetSocketAddress("192.0.2.7", 4_243), noon))
                .isFalse();
        assertThat(cookies.isGood(cookie, new InetSocketAddress("192.0.2.8", 4_242), noon))
                .isFalse();
        assertThat(new SrtCookies().isGood(cookie, CALLER, noon)).isFalse();
    }

    private static void readAnswer(ByteBuf packet) {
        try {
            SrtExtensions.readAnswer(packet);
        } catch (MalformedSrtException refused) {
            assertThat(refused.reject()).isNotNull();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anythingIsReadOrRefused(byte[] input) {
        ByteBuf packet = Unpooled.wrappedBuffer(input);
        if (!SrtPacket.isPacket(packet)) {
            return;
        }
        try {
            SrtHandshake.read(packet);
            readAnswer(packet.duplicate());
            SrtExtensions wishes = SrtExtensions.read(packet);
            SrtStreamId.parse(wishes.streamId().orElse(""));
            if (wishes.keys().isPresent()) {
                SrtKeys.unwrap(wishes.keys().get(), "0123456789abc");
            }
        } catch (MalformedSrtException refused) {
            assertThat(refused.reject()).isNotNull();
        }
    }
}
