// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** Two conversations and the line between them, in a time that runs as fast as the machine counts. */
final class SimulatedLine implements AutoCloseable {
    /** What is on the way. */
    private record Packet(long at, long order, ByteBuf bytes, SrtConversation to) {}

    /** What the line does to packets. */
    record Line(double loss, long delay, long jitter) {}

    /** What the keys of a line that is encrypted are under. */
    static final String SECRET = "three quiet herons";

    private static final long TICK = SrtConversation.TICK_MILLIS * 1_000L;

    private final Random chance;
    private final PriorityQueue<Packet> onTheWay =
            new PriorityQueue<>(Comparator.comparingLong(Packet::at).thenComparingLong(Packet::order));
    private final SrtConversation sender;
    private final SrtConversation receiver;

    /** The numbers that arrived, in their order. */
    final List<Integer> arrived = new ArrayList<>();

    private final List<Long> took = new ArrayList<>();

    private final List<Long> sentAt = new ArrayList<>();
    private Line line;
    private long now;
    private long nextTick;
    private long order;
    boolean shutDown;

    /** Messages of keys that came to the receiver, each once. */
    final Set<String> keyMessages = new LinkedHashSet<>();

    /** It can read no messages of keys. */
    boolean ignoresKeys;

    SimulatedLine(long seed, Line line, int latency, int firstSequence, long start, Optional<SrtKeys> keys) {
        this(seed, line, latency, firstSequence, start, keys, SrtRekeying.USUAL);
    }

    SimulatedLine(
            long seed,
            Line line,
            int latency,
            int firstSequence,
            long start,
            Optional<SrtKeys> keys,
            SrtRekeying rekeying) {
        this.chance = new Random(seed);
        this.line = line;
        this.now = start;
        this.nextTick = start + TICK;
        // The receiver took the conclusion, of time stamp 0, half a round trip after it was sent.
        SrtConversation.Terms ofReceiver =
                new SrtConversation.Terms(11, firstSequence, 8_192, start, start + line.delay(), 0, latency, latency);
        SrtConversation.Terms ofSender =
                new SrtConversation.Terms(22, firstSequence, 8_192, start, start, 0, latency, latency);
        sender = new SrtConversation(ofSender, keys, rekeying, UnpooledByteBufAllocator.DEFAULT, start, new Side(true));
        receiver = new SrtConversation(
                ofReceiver, keys, rekeying, UnpooledByteBufAllocator.DEFAULT, start, new Side(false));
    }

    private final class Side implements SrtConversation.Peer {
        private final boolean sends;

        Side(boolean sends) {
            this.sends = sends;
        }

        @Override
        public void send(ByteBuf packet) {
            if (chance.nextDouble() < line.loss()) {
                packet.release();
                return;
            }
            long late = line.jitter() == 0 ? 0 : chance.nextLong(line.jitter());
            ByteBuf own = packet.copy();
            packet.release();
            onTheWay.add(new Packet(now + line.delay() + late, order++, own, sends ? receiver : sender));
        }

        @Override
        public void media(ByteBuf payload) {
            int number = payload.getInt(payload.readerIndex());
            arrived.add(number);
            took.add(now - sentAt.get(number));
        }

        @Override
        public void keys(byte[] message) {
            assertThat(sends).isFalse();
            keyMessages.add(HexFormat.of().formatHex(message));
            if (!ignoresKeys) {
                try {
                    receiver.keys(SrtKeys.unwrap(message, SECRET), message, now);
                } catch (MalformedSrtException e) {
                    throw new AssertionError(e);
                }
            }
        }

        @Override
        public void shutDown() {
            shutDown = true;
        }
    }

    /** Between sending and being handed on, the longest, µs; without the last second, behind which nothing tells that it is missing. */
    long longest() {
        return took.subList(0, took.size() - 400).stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
    }

    SrtConversation sender() {
        return sender;
    }

    SrtConversation receiver() {
        return receiver;
    }

    void becomes(Line other) {
        line = other;
    }

    long now() {
        return now;
    }

    /** Sends payloads at a steady pace, and lets the time run that it takes. */
    void send(int count, long every) {
        ByteBuf payload = Unpooled.buffer(1_316).writeZero(1_316);
        for (int i = 0; i < count; i++) {
            payload.setIndex(0, 1_316).setInt(0, sentAt.size());
            sentAt.add(now);
            if (sender.hasRoom()) {
                sender.send(payload, 1_316, now);
            }
            run(every);
        }
    }

    /** Lets the time run. */
    void run(long micros) {
        long end = now + micros;
        while (now < end) {
            Packet next = onTheWay.peek();
            long until = Math.min(end, nextTick);
            if (next != null && next.at() <= until) {
                onTheWay.poll();
                now = Math.max(now, next.at());
                next.to().take(next.bytes(), now);
                next.bytes().release();
                continue;
            }
            now = until;
            if (now == nextTick) {
                nextTick += TICK;
                sender.tick(now);
                receiver.tick(now);
            }
        }
    }

    @Override
    public void close() {
        sender.close();
        receiver.close();
        onTheWay.forEach(packet -> packet.bytes().release());
    }
}
