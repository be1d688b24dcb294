// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Feedback (RFC 4585 §6, RFC 5104 §4.3.1, draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1), each to its bytes. */
class FeedbackTest {
    record Row(RtcpPacket packet, String hex) {}

    static final List<Row> BOTH_WAYS = List.of(
            new Row(new RtcpPacket.Nack(1, 2, List.of(5)), "81cd 0003 00000001 00000002 0005 0000"),
            new Row(new RtcpPacket.Nack(1, 2, List.of(5, 6, 8, 21)), "81cd 0003 00000001 00000002 0005 8005"),
            // the seventeenth behind the first has no bit any more
            new Row(new RtcpPacket.Nack(1, 2, List.of(5, 22, 23)), "81cd 0004 00000001 00000002 0005 0000 0016 0001"),
            new Row(
                    new RtcpPacket.Nack(-1, -2, List.of(65_533, 65_535, 0, 13, 14)),
                    "81cd 0004 ffffffff fffffffe fffd 8006 000e 0000"),
            new Row(new RtcpPacket.Nack(1, 2, List.of(65_535, 0)), "81cd 0003 00000001 00000002 ffff 0001"),
            new Row(
                    new RtcpPacket.Nack(
                            1, 2, IntStream.rangeClosed(100, 116).boxed().toList()),
                    "81cd 0003 00000001 00000002 0064 ffff"),
            new Row(new RtcpPacket.PictureLoss(0x01020304, 0x0A0B0C0D), "81ce 0002 01020304 0a0b0c0d"),
            // the media's SSRC stands in the entry: that of the header is 0
            new Row(
                    new RtcpPacket.FullIntraRequest(0x01020304, 0x0A0B0C0D, 200),
                    "84ce 0004 01020304 00000000 0a0b0c0d c8000000"));

    @ParameterizedTest
    @FieldSource("BOTH_WAYS")
    void readsAndWritesEach(Row row) {
        assertThat(written(row.packet())).isEqualTo(row.hex().replace(" ", ""));
        assertThat(RtcpCompound.parse(hex(row.hex()))).containsExactly(row.packet());
    }

    static final List<Row> ARRIVALS = List.of(
            // eight in a row, each 1 ms behind the one before, from 65 ms on
            new Row(
                    feedback(5, 7, LongStream.rangeClosed(0, 7).map(i -> 260 + 4 * i)),
                    "8fcd 0007 00000001 00000002 0005 0008 000001 07 2008 0404040404040404 0000"),
            // seven symbols: small, absent, large, small, large and negative, absent, small; the numbers wrap among
            // them
            new Row(
                    feedback(65_534, 255, LongStream.of(512, -1, 768, 1_023, 1_022, -1, 1_023)),
                    "8fcd 0007 00000001 00000002 fffe 0007 000002 ff d261 00 0100 ff ffff 01 000000"),
            // eight lost between two: a vector has room for six of them
            new Row(
                    feedback(0, 1, LongStream.of(10, -1, -1, -1, -1, -1, -1, -1, -1, 20)),
                    "8fcd 0006 00000001 00000002 0000 000a 000000 01 d000 c100 0a0a 0000"),
            // runs of both kinds, and the largest distance
            new Row(
                    feedback(
                            0,
                            0,
                            LongStream.concat(
                                    LongStream.generate(() -> 0).limit(7),
                                    LongStream.concat(
                                            LongStream.generate(() -> -1).limit(9), LongStream.of(32_767)))),
                    "8fcd 0008 00000001 00000002 0000 0011 000000 00 2007 0009 e000 00000000000000 7fff 00"),
            new Row(
                    feedback(1, 2, LongStream.of(40_000, 7_233)),
                    "8fcd 0006 00000001 00000002 0001 0002 00009c 02 d800 40 8001 000000"),
            // 64 ms to and fro: no distance fits a byte but the first
            new Row(
                    feedback(1, 2, LongStream.of(9_000, 9_256, 9_000, 9_256, 9_000, 9_256, 9_000)),
                    "8fcd 0008 00000001 00000002 0001 0007 000023 02 daaa 28 0100 ff00 0100 ff00 0100 ff00 00"),
            // no padding where none is needed
            new Row(feedback(1, 2, LongStream.of(0, 255)), "8fcd 0005 00000001 00000002 0001 0002 000000 02 d400 00ff"),
            // the first was lost: the reference is the second's; it wraps after twelve days
            new Row(
                    feedback(9, 3, LongStream.of(-1, 0x1_0000_0305L)),
                    "8fcd 0005 00000001 00000002 0009 0002 000003 03 c400 05 00"));

    private static RtcpPacket feedback(int base, int number, LongStream arrivals) {
        return new RtcpPacket.TransportFeedback(1, 2, base, arrivals.boxed().toList(), number);
    }

    @ParameterizedTest
    @FieldSource("ARRIVALS")
    void tellsWhenPacketsCame(Row row) {
        assertThat(written(row.packet())).isEqualTo(row.hex().replace(" ", ""));
        assertThat(RtcpCompound.parse(hex(row.hex())))
                .singleElement()
                .isInstanceOf(RtcpPacket.TransportFeedback.class)
                .extracting(FeedbackTest::written)
                .isEqualTo(row.hex().replace(" ", ""));
    }

    /** Whatever came when: who reads by the draft knows it again. */
    @Test
    void anyArrivalsAreTold() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Long> arrivals = new ArrayList<>();
            long now = random.nextInt(1_000_000);
            int kinds = random.nextInt(1, 5);
            while (arrivals.size() < 1 + random.nextInt(600)) {
                int kind = random.nextInt(kinds);
                for (int run = random.nextInt(1, 20); run > 0; run--) {
                    now = switch (kind) {
                        case 0 -> now + random.nextInt(256);
                        case 1 -> now;
                        case 2 -> Math.max(0, now + random.nextInt(-32_767, 32_768));
                        default -> now;
                    };
                    arrivals.add(kind == 1 ? -1 : now);
                }
            }
            arrivals.add(now);
            assertThat(Reading.of(written(feedback(65_000, 9, arrivals.stream().mapToLong(Long::longValue)))))
                    .as("seed %d", seed)
                    .isEqualTo(arrivals);
        }
        List<Long> many = Collections.nCopies(20_000, 77L);
        assertThat(Reading.of(written(feedback(0, 0, many.stream().mapToLong(Long::longValue)))))
                .isEqualTo(many);
    }

    /** A reader of what is written, after §3.1 alone. */
    private static final class Reading {
        static List<Long> of(String hex) {
            ByteBuf in = hex(hex);
            assertThat(in.getUnsignedShort(2) * 4 + 4).isEqualTo(in.readableBytes());
            in.skipBytes(4 + 8 + 2);
            int count = in.readUnsignedShort();
            long now = in.readUnsignedMedium() * 256L;
            in.skipBytes(1);
            List<Integer> symbols = new ArrayList<>();
            while (symbols.size() < count) {
                int chunk = in.readUnsignedShort();
                if (chunk >> 15 == 0) {
                    symbols.addAll(Collections.nCopies(chunk & 0x1FFF, chunk >> 13));
                } else {
                    assertThat(chunk >> 14).as("two bits each").isEqualTo(3);
                    for (int shift = 12; shift >= 0; shift -= 2) {
                        symbols.add(chunk >> shift & 3);
                    }
                }
            }
            assertThat(symbols.subList(count, symbols.size())).allMatch(each -> each == 0);
            List<Long> arrivals = new ArrayList<>();
            for (int symbol : symbols.subList(0, count)) {
                now += switch (symbol) {
                    case 0 -> 0;
                    case 1 -> in.readUnsignedByte();
                    case 2 -> in.readShort();
                    default -> throw new AssertionError("reserved");
                };
                arrivals.add(symbol == 0 ? -1 : now);
            }
            assertThat(in.readableBytes()).as("padding").isLessThan(4);
            return arrivals;
        }
    }

    @Test
    void goesBehindAReport() {
        List<RtcpPacket> compound = List.of(
                new RtcpPacket.ReceiverReport(1, List.of()),
                new RtcpPacket.PictureLoss(1, 2),
                new RtcpPacket.Nack(1, 2, List.of(7)));
        ByteBuf out = Unpooled.buffer();
        RtcpCompound.write(compound, out);
        assertThat(RtcpCompound.parse(out)).isEqualTo(compound);
    }

    @ParameterizedTest
    @CsvSource({
        "81cd 0001 00000001",
        "81ce 0001 00000001",
        "84ce 0002 00000001 00000000",
        "84ce 0003 00000001 00000000 00000002",
        "81cd 0003 00000001 00000002",
    })
    void refusesWhatIsCutShort(String hex) {
        assertThatThrownBy(() -> RtcpCompound.parse(hex(hex))).isInstanceOf(MalformedRtpException.class);
    }

    /** RFC 3550 §6.4.1: padding is none of the numbers. */
    @Test
    void readsPastPadding() {
        assertThat(RtcpCompound.parse(hex("a1cd 0004 00000001 00000002 0005 0001 00000004")))
                .containsExactly(new RtcpPacket.Nack(1, 2, List.of(5, 6)));
        Stream.of("a1cd 0003 00000001 00000002 00000000", "a1cd 0003 00000001 00000002 000000ff")
                .forEach(each -> assertThatThrownBy(() -> RtcpCompound.parse(hex(each)))
                        .isInstanceOf(MalformedRtpException.class));
    }

    /** A datagram of questions is bounded, and so is what comes of it. */
    @Test
    void readsNoMoreNumbersThanADatagramHolds() {
        ByteBuf in = hex("81cd 2002 00000001 00000002" + "0000ffff".repeat(0x2000));
        assertThat(RtcpCompound.parse(in))
                .singleElement()
                .isInstanceOfSatisfying(
                        RtcpPacket.Nack.class,
                        nack -> assertThat(nack.sequenceNumbers()).hasSize(256 * 17));
    }

    /** What is read of a feedback, written anew, is read the same: times of packets that came, and no more of them than are told of. */
    @FuzzTest(maxDuration = "60s")
    void anyFeedbackIsReadOrFailsCleanly(byte[] bytes) {
        RtcpPacket.TransportFeedback read;
        try {
            read = TransportFeedbackReader.read(Unpooled.wrappedBuffer(bytes));
        } catch (MalformedRtpException | IndexOutOfBoundsException expected) {
            return;
        }
        assertThat(read.arrivals())
                .hasSize(Unpooled.wrappedBuffer(bytes).getUnsignedShort(10))
                .hasSizeLessThanOrEqualTo(4_096)
                .allMatch(each -> each >= -1);
        ByteBuf out = Unpooled.buffer();
        FeedbackWriter.write(read, out);
        RtcpPacket.TransportFeedback again = TransportFeedbackReader.read(out);
        assertThat(again.base()).isEqualTo(read.base());
        // Where the clock turns over, after twelve days, what lies before it has no number.
        if (read.arrivals().stream().allMatch(each -> each < 1L << 32)) {
            assertThat(again.arrivals()).isEqualTo(read.arrivals());
        }
    }

    private static String written(RtcpPacket packet) {
        ByteBuf out = Unpooled.buffer();
        RtcpCompound.write(List.of(packet), out);
        return ByteBufUtil.hexDump(out);
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
    }
}
