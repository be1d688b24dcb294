// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** RTCP (RFC 3550 §6): each packet and its bytes, both ways. */
class RtcpCompoundTest {
    private static final ReportBlock BLOCK = new ReportBlock(0x0A0B0C0D, 64, -2, 0x0001_0005L, 300, 0x11223344, 65_536);

    record Row(RtcpPacket packet, String hex) {}

    static final List<Row> ROWS = List.of(
            // As FFmpeg sends it before its first packet.
            new Row(
                    new RtcpPacket.SenderReport(0x01020304, 0xE0000000_80000000L, 0xFFFF_FFFFL, 3, 0x1_0000, List.of()),
                    "80c8 0006 01020304 e0000000 80000000 ffffffff 00000003 00010000"),
            new Row(
                    new RtcpPacket.SenderReport(1, 2, 3, 4, 5, List.of(BLOCK)),
                    "81c8 000c 00000001 0000000000000002 00000003 00000004 00000005"
                            + "0a0b0c0d 40 fffffe 00010005 0000012c 11223344 00010000"),
            new Row(new RtcpPacket.ReceiverReport(9, List.of()), "80c9 0001 00000009"),
            new Row(
                    new RtcpPacket.ReceiverReport(9, List.of(BLOCK)),
                    "81c9 0007 00000009 0a0b0c0d 40 fffffe 00010005 0000012c 11223344 00010000"),
            new Row(
                    new RtcpPacket.SourceDescription(List.of(
                            new RtcpPacket.SourceDescription.Chunk(1, "abcdef"),
                            new RtcpPacket.SourceDescription.Chunk(2, "xyz"))),
                    "82ca 0007 00000001 0106 616263646566 00000000 00000002 0103 78797a 000000"),
            new Row(new RtcpPacket.Goodbye(List.of(1, 2)), "82cb 0002 00000001 00000002"));

    @ParameterizedTest
    @FieldSource("ROWS")
    void readsAndWritesEach(Row row) {
        ByteBuf bytes = hex(row.hex());
        assertThat(RtcpCompound.parse(bytes)).containsExactly(row.packet());
        ByteBuf out = Unpooled.buffer();
        RtcpCompound.write(List.of(row.packet()), out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(row.hex().replace(" ", ""));
    }

    @Test
    void readsACompound() {
        ByteBuf out = Unpooled.buffer();
        List<RtcpPacket> all = ROWS.stream().map(Row::packet).toList();
        RtcpCompound.write(all, out);
        assertThat(RtcpCompound.parse(out)).isEqualTo(all);
    }

    /** APP, feedback, a reason behind BYE, items that are no CNAME, padding: read past. */
    @Test
    void readsPastWhatSaysNothing() {
        assertThat(RtcpCompound.parse(hex("80cc 0003 00000001 74657374 01020304" + "83ce 0002 00000001 00000002")))
                .containsExactly(new RtcpPacket.Other(204), new RtcpPacket.Other(206));
        assertThat(RtcpCompound.parse(hex("81cb 0002 00000001 02 6f6b 00")))
                .containsExactly(new RtcpPacket.Goodbye(List.of(1)));
        assertThat(RtcpCompound.parse(hex("81ca 0004 00000001 06 02 7878 01 02 6162 00 000000")))
                .containsExactly(
                        new RtcpPacket.SourceDescription(List.of(new RtcpPacket.SourceDescription.Chunk(1, "ab"))));
        assertThat(RtcpCompound.parse(hex("a0c9 0002 00000009 00000004")))
                .containsExactly(new RtcpPacket.ReceiverReport(9, List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "80c8 0006 01020304",
        "80c9",
        "00c9 0001 00000009",
        "81c9 0001 00000009",
        "80c8 0001 01020304",
        "81ca 0002 00000001 01ff6162",
        "83cb 0001 00000001",
    })
    void refusesWhatIsCutShort(String hex) {
        assertThatThrownBy(() -> RtcpCompound.parse(hex(hex))).isInstanceOf(MalformedRtpException.class);
    }

    /** FFmpeg's first frames after RECORD are RTCP; another server took the first for RTP and bound a wrong SSRC. */
    @ParameterizedTest
    @CsvSource({"80c8, true", "80c9, true", "80df, true", "80e0, false", "8060, false", "80bf, false", "80, false"})
    void isToldFromRtpByItsType(String hex, boolean rtcp) {
        assertThat(RtcpCompound.isRtcp(hex(hex))).isEqualTo(rtcp);
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        try {
            RtcpCompound.parse(Unpooled.wrappedBuffer(bytes));
        } catch (MalformedRtpException expected) {
            // what a peer's mistake may cost
        }
    }

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }
}
