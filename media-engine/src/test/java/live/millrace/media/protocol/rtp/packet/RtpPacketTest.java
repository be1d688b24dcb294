// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RTP headers (RFC 3550 §5.1). */
class RtpPacketTest {
    /** Version 2, a field each; then padding of three bytes, two contributing sources, an extension of one word. */
    @ParameterizedTest
    @CsvSource({
        "80 e0 1234 89abcdef 01020304 c0ffee,                                     true,  96, c0ffee",
        "80 60 1234 89abcdef 01020304,                                            false, 96, ''",
        "a0 00 1234 89abcdef 01020304 c0ffee 000003,                              false, 0,  c0ffee",
        "82 08 1234 89abcdef 01020304 11111111 22222222 c0ffee,                   false, 8,  c0ffee",
        "90 7f 1234 89abcdef 01020304 bede 0001 33333333 c0ffee,                  false, 127, c0ffee",
        "b1 80 1234 89abcdef 01020304 11111111 abac 0001 33333333 c0ffee 0002,    true,  0,  c0ffee",
        "a0 00 1234 89abcdef 01020304 01,                                         false, 0,  ''",
    })
    void readsHeaders(String hex, boolean marker, int payloadType, String payload) {
        ByteBuf in = hex(hex);
        RtpPacket packet = RtpPacket.parse(in);
        assertThat(packet.marker()).isEqualTo(marker);
        assertThat(packet.payloadType()).isEqualTo(payloadType);
        assertThat(packet.sequenceNumber()).isEqualTo(0x1234);
        assertThat(packet.timestamp()).isEqualTo(0x89ABCDEFL);
        assertThat(packet.ssrc()).isEqualTo(0x01020304);
        assertThat(ByteBufUtil.hexDump(packet.payload())).isEqualTo(payload);
        assertThat(in.isReadable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "80 60 1234 89abcdef 010203",
        "40 60 1234 89abcdef 01020304 00",
        "81 60 1234 89abcdef 01020304 111111",
        "90 60 1234 89abcdef 01020304 bede00",
        "90 60 1234 89abcdef 01020304 bede 0002 33333333",
        "a0 60 1234 89abcdef 01020304",
        "a0 60 1234 89abcdef 01020304 c000",
        "a0 60 1234 89abcdef 01020304 c0ff04",
    })
    void refusesWhatIsCutShort(String hex) {
        assertThatThrownBy(() -> RtpPacket.parse(hex(hex))).isInstanceOf(MalformedRtpException.class);
    }

    @Test
    void writesTheHeaderThatItReads() {
        ByteBuf out = Unpooled.buffer();
        RtpPacket.writeHeader(true, 96, 0xFFFF, 0xFFFF_FFFFL, -2, out);
        out.writeInt(7);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("80e0fffffffffffffffffffe00000007");
        RtpPacket packet = RtpPacket.parse(out);
        assertThat(packet.timestamp()).isEqualTo(0xFFFF_FFFFL);
        assertThat(packet.payload().readInt()).isEqualTo(7);
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        try {
            assertThat(RtpPacket.parse(Unpooled.wrappedBuffer(bytes)).payload().readableBytes())
                    .isLessThanOrEqualTo(bytes.length - RtpPacket.HEADER);
        } catch (MalformedRtpException expected) {
            // what a peer's mistake may cost
        }
    }

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }
}
