// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import live.millrace.media.protocol.srt.SimulatedLine.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole conversations in simulated time. */
class SrtConversationTest {
    private static final long MILLI = 1_000;

    /** 4 Mbit/s. */
    private static final long PACE = 2_632;

    private static final int LATENCY = 400;
    private static final Line GOOD = new Line(0, 50 * MILLI, 0);
    private static final Line FAIR = new Line(0.01, 50 * MILLI, 0);
    private static final Line LOSSY = new Line(0.05, 50 * MILLI, 0);

    private static List<Integer> all(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static SimulatedLine line(long seed, Line line) {
        return new SimulatedLine(seed, line, LATENCY, 1_000, 5_000_000, Optional.empty());
    }

    @Test
    void aCleanLineCostsNoLatency() {
        try (SimulatedLine line = line(1, GOOD)) {
            line.send(2_000, PACE);
            line.run(1_000 * MILLI);
            assertThat(line.arrived).isEqualTo(all(2_000));
            assertThat(line.longest()).isEqualTo(50 * MILLI);
            assertThat(line.sender().statistics().resent()).isZero();
            assertThat(line.receiver().statistics().roundTrip()).isBetween(99 * MILLI, 101 * MILLI);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fivePercentLossAtFourRoundTripsLosesNothingInTwoMinutes(long seed) {
        int count = 45_000;
        try (SimulatedLine line = line(seed, LOSSY)) {
            line.send(count, PACE);
            line.run(2_000 * MILLI);
            // There is time for three further tries: of a million packets six would be lost each time, were not the
            // last two doubled.
            assertThat(line.arrived).isEqualTo(all(count));
            assertThat(line.longest()).isLessThan(470 * MILLI);
            SrtStatistics seen = line.receiver().statistics();
            assertThat(seen.lost()).isBetween(count * 4L / 100, count * 6L / 100);
            assertThat(seen.dropped()).isEqualTo(count - line.arrived.size());
            assertThat(line.sender().statistics().resent()).isLessThan(count * 8L / 100);
        }
    }

    @Test
    void whatComesInAnotherOrderIsHandedOnInOrder() {
        try (SimulatedLine line = line(7, new Line(0.01, 20 * MILLI, 30 * MILLI))) {
            line.send(5_000, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.arrived).isEqualTo(all(5_000));
        }
    }

    /** Sequence numbers wrap at 31 bits, time stamps at 32 bits of microseconds. */
    @Test
    void numbersAndStampsGoRound() {
        try (SimulatedLine line =
                new SimulatedLine(3, FAIR, LATENCY, SrtSerial.MASK - 2_000, 5_000_000, Optional.empty())) {
            line.send(5_000, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.arrived).isEqualTo(all(5_000));
        }
        try (SimulatedLine line = line(4, FAIR)) {
            line.run(0xFFFF_FFFFL - 5_000 * MILLI);
            line.send(5_000, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.arrived).isEqualTo(all(5_000));
            assertThat(line.longest()).isLessThan(470 * MILLI);
        }
    }

    @Test
    void whatIsEncryptedArrivesAsItWas() {
        SrtKeys keys = keys(32);
        try (SimulatedLine line = new SimulatedLine(5, FAIR, LATENCY, 77, 0, Optional.of(keys))) {
            line.send(3_000, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.arrived).isEqualTo(all(3_000));
            assertThat(line.receiver().statistics().undecrypted()).isZero();
        }
    }

    private static SrtKeys keys(int length) {
        return SrtKeys.fresh(length, new SecureRandom()).under(SimulatedLine.SECRET);
    }

    /** Announcements and answers are lost as everything is; packets that are sent again keep the key that they had. */
    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void keysAreChangedOnTheWay(int length) {
        SrtRekeying often = new SrtRekeying(1_000, 200);
        try (SimulatedLine line = new SimulatedLine(
                15, new Line(0.03, 20 * MILLI, 0), LATENCY, 77, 0, Optional.of(keys(length)), often)) {
            line.send(10_500, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.keyMessages).hasSize(10);
            assertThat(line.arrived).isEqualTo(all(10_500));
            assertThat(line.receiver().statistics().undecrypted()).isZero();
        }
    }

    /** The next key is announced until the peer has it, and not used before. */
    @Test
    void aPeerThatTakesNoKeysGoesOnWithItsOwn() {
        SrtRekeying often = new SrtRekeying(1_000, 200);
        try (SimulatedLine line = new SimulatedLine(16, GOOD, LATENCY, 77, 0, Optional.of(keys(16)), often)) {
            line.ignoresKeys = true;
            line.send(3_000, PACE);
            line.ignoresKeys = false;
            line.send(3_000, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.keyMessages).hasSize(4);
            assertThat(line.arrived).isEqualTo(all(6_000));
            assertThat(line.receiver().statistics().undecrypted()).isZero();
        }
    }

    /** SRS #4587: a receiver that waits for what never comes stands still; libsrt #2214: the same after the sender threw it away. */
    @Test
    void whatNeverComesIsGivenUpAndTheRestGoesOn() {
        try (SimulatedLine line = line(6, GOOD)) {
            line.send(500, PACE);
            line.becomes(new Line(1, 50 * MILLI, 0));
            line.send(500, PACE);
            line.becomes(GOOD);
            line.send(2_000, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.arrived)
                    .startsWith(all(480).toArray(Integer[]::new))
                    .endsWith(2_999);
            assertThat(line.arrived).isSorted().doesNotHaveDuplicates();
            assertThat(line.receiver().statistics().dropped()).isPositive();
            assertThat(line.arrived).hasSizeGreaterThan(2_400);
        }
    }

    /** libsrt #1630: too little latency for the line shows as drops, and never as a standstill. */
    @Test
    void aLatencyBelowTheRoundTripDropsAndGoesOn() {
        try (SimulatedLine line = new SimulatedLine(8, LOSSY, 60, 1, 0, Optional.empty())) {
            line.send(5_000, PACE);
            line.run(2_000 * MILLI);
            assertThat(line.arrived).isSorted().hasSizeBetween(4_500, 4_990);
            assertThat(line.longest()).isLessThan(130 * MILLI);
        }
    }

    /** libsrt #355, #393: a reader that takes nothing fills the window, and then there is no room: memory stays bounded. */
    @Test
    void aPeerThatAcknowledgesNothingFillsTheWindowAndNoMore() {
        try (SimulatedLine line = line(9, new Line(1, 0, 0))) {
            line.send(9_000, 80);
            assertThat(line.sender().hasRoom()).isFalse();
            assertThat(line.sender().statistics().sent()).isLessThanOrEqualTo(8_192);
            line.run(3_000 * MILLI);
            assertThat(line.sender().hasRoom())
                    .as("what is too late was thrown away")
                    .isTrue();
            assertThat(line.sender().statistics().dropped()).isPositive();
        }
    }

    /** A join point is seconds of media: what is sent at once has to fit into the sockets on the way. */
    @Test
    void aBurstIsSpreadOverSomeTicks() {
        try (SimulatedLine line = line(14, GOOD)) {
            line.send(1_000, 0);
            assertThat(line.sender().statistics().sent()).isLessThan(200);
            assertThat(line.sender().hasRoom()).isFalse();
            line.run(10 * MILLI);
            assertThat(line.sender().hasRoom()).isTrue();
        }
    }

    @Test
    void theLastOfAllIsSentAgainThoughNothingBehindItTells() {
        try (SimulatedLine line = line(10, GOOD)) {
            line.send(100, PACE);
            line.run(500 * MILLI);
            line.becomes(new Line(1, 50 * MILLI, 0));
            line.send(1, PACE);
            line.becomes(GOOD);
            line.run(900 * MILLI);
            assertThat(line.arrived).isEqualTo(all(101));
        }
    }

    @Test
    void keepAlivesKeepAPeerAndSilenceLosesIt() {
        try (SimulatedLine line = line(11, GOOD)) {
            line.run(60_000 * MILLI);
            assertThat(line.receiver().isBroken(line.now())).isFalse();
            line.becomes(new Line(1, 0, 0));
            line.run(6_000 * MILLI);
            assertThat(line.receiver().isBroken(line.now())).isTrue();
        }
    }

    @Test
    void aGoodbyeIsHeardOnce() {
        try (SimulatedLine line = line(12, GOOD)) {
            line.sender().shutDown(line.now());
            line.sender().shutDown(line.now());
            line.run(100 * MILLI);
            assertThat(line.shutDown).isTrue();
        }
    }

    /** A peer may name any numbers in any order: what is looked at is bounded by the window. */
    @Test
    void reportsOfNonsenseCostNothing() {
        try (SimulatedLine line = line(13, GOOD)) {
            line.send(50, PACE);
            for (int[] words : new int[][] {
                {SrtPacket.NAK, 0x8000_0000, 0x7FFF_FFFF},
                {SrtPacket.NAK, 0x8000_0001, 0},
                {SrtPacket.NAK, 0xFFFF_FFFF},
                {SrtPacket.DROP_REQUEST, 0, 0x7FFF_FFFF},
                {SrtPacket.DROP_REQUEST, 5},
                {SrtPacket.ACK, 0x7000_0000},
                {SrtPacket.ACKACK},
                {SrtPacket.USER, 1},
                {9, 1, 2, 3}
            }) {
                for (SrtConversation each : List.of(line.sender(), line.receiver())) {
                    ByteBuf packet = Unpooled.buffer();
                    SrtPacket.control(packet, words[0], 3, 1, 0, 0);
                    for (int i = 1; i < words.length; i++) {
                        packet.writeInt(words[i]);
                    }
                    each.take(packet, line.now());
                }
            }
            line.send(50, PACE);
            line.run(500 * MILLI);
            assertThat(line.arrived).isSorted();
        }
    }

    // ---- what no peer should do -------------------------------------------------------------------------------

    /** Counts what a conversation does. */
    private static final class Peer implements SrtConversation.Peer {
        private final List<String> media = new ArrayList<>();
        private int dropRequests;
        private Runnable onMedia = () -> {};

        @Override
        public void send(ByteBuf packet) {
            dropRequests += SrtPacket.word(packet, 0) == (0x8000_0000 | SrtPacket.DROP_REQUEST << 16) ? 1 : 0;
            packet.release();
        }

        @Override
        public void media(ByteBuf payload) {
            media.add(payload.toString(StandardCharsets.US_ASCII));
            onMedia.run();
        }

        @Override
        public void keys(byte[] message) {}

        @Override
        public void shutDown() {}
    }

    private static SrtConversation conversation(Peer peer, boolean receives) {
        return new SrtConversation(
                new SrtConversation.Terms(1, 100, 8_192, 0, 0, 0, LATENCY, LATENCY, receives),
                Optional.empty(),
                SrtRekeying.USUAL,
                UnpooledByteBufAllocator.DEFAULT,
                0,
                peer);
    }

    /** Takes a packet; answers how many hold on to its memory behind that. */
    private static int data(SrtConversation to, int sequence, long timestamp, String payload, long now) {
        ByteBuf packet = Unpooled.buffer(2_048)
                .writeInt(sequence)
                .writeInt(SrtPacket.SOLO)
                .writeInt((int) timestamp)
                .writeInt(1)
                .writeBytes(payload.getBytes(StandardCharsets.US_ASCII));
        to.take(packet, now);
        int held = packet.refCnt() - 1;
        packet.release();
        return held;
    }

    private static void say(SrtConversation to, int type, int... words) {
        ByteBuf packet = Unpooled.buffer();
        SrtPacket.control(packet, type, 0, 1, 0, 0);
        for (int word : words) {
            packet.writeInt(word);
        }
        to.take(packet, 1);
        packet.release();
    }

    @Test
    void ofAPlayerNoMediaIsKept() {
        Peer peer = new Peer();
        SrtConversation conversation = conversation(peer, false);
        assertThat(data(conversation, 101, 0, "waits".repeat(200), 1)).isZero();
        data(conversation, 100, 0, "first", 1);
        say(conversation, SrtPacket.DROP_REQUEST, 100, 100);
        conversation.tick(10 * MILLI);
        assertThat(peer.media).isEmpty();
        assertThat(conversation.statistics().received()).isZero();
        conversation.close();
    }

    /** A stamp of half an hour ahead would have a hole waited for as long. */
    @Test
    void nothingWaitsMuchLongerThanTheLatencyWhateverItsStampSays() {
        Peer peer = new Peer();
        SrtConversation conversation = conversation(peer, true);
        data(conversation, 101, 1_800_000 * MILLI, "later", 1);
        conversation.tick(1_300 * MILLI);
        assertThat(peer.media).isEmpty();
        conversation.tick(1_500 * MILLI);
        assertThat(peer.media).containsExactly("later");
        conversation.close();
    }

    @Test
    void smallPacketsThatWaitDoNotHoldTheMemoryOfLargeOnes() {
        Peer peer = new Peer();
        SrtConversation conversation = conversation(peer, true);
        assertThat(data(conversation, 101, 0, "b", 1)).isZero();
        assertThat(data(conversation, 102, 0, "c".repeat(1_316), 1)).isOne();
        data(conversation, 100, 0, "a", 1);
        assertThat(peer.media).containsExactly("a", "b", "c".repeat(1_316));
        conversation.close();
    }

    @Test
    void manyRangesThatAreGoneAreAnsweredOnce() {
        Peer peer = new Peer();
        SrtConversation conversation = conversation(peer, true);
        int[] ranges = new int[400];
        for (int i = 0; i < ranges.length; i += 2) {
            ranges[i] = 0x8000_0000 | 1 + i / 2;
            ranges[i + 1] = 50 + i / 2;
        }
        say(conversation, SrtPacket.NAK, ranges);
        assertThat(peer.dropRequests).isOne();
        conversation.close();
    }

    /** Each jump has to be walked over: between two ticks there are some, and no more. */
    @Test
    void jumpsAndDroppedNumbersAreBounded() {
        Peer peer = new Peer();
        SrtConversation conversation = conversation(peer, true);
        for (int i = 1; i <= 1_000; i++) {
            data(conversation, 100 + i * 8_192, 0, "x", 1);
        }
        assertThat(conversation.statistics().dropped()).isLessThan(10 * 8_192);
        conversation.tick(10 * MILLI);
        for (int i = 0; i < 1_000; i++) {
            say(conversation, SrtPacket.DROP_REQUEST, 0, SrtSerial.MASK / 2);
        }
        assertThat(conversation.statistics().dropped()).isLessThan(20 * 8_192);
        conversation.close();
    }

    /** The hub may end a session because of a frame that it is just handed. */
    @Test
    void oneThatIsClosedByItsMediaKeepsNothing() {
        Peer peer = new Peer();
        SrtConversation conversation = conversation(peer, true);
        peer.onMedia = conversation::close;
        data(conversation, 101, 0, "waits".repeat(200), 1);
        assertThat(data(conversation, 101 + 8_192, 0, "far".repeat(400), 1)).isZero();
        assertThat(peer.media).hasSize(1);
    }
}
