// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import live.millrace.media.protocol.dtls.DtlsAssociation.Side;
import live.millrace.media.protocol.srtp.SrtpProfile;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes in memory: of both roles with each other, and with peers that are not ours. */
class DtlsAssociationTest {
    private static final int CHANGE_CIPHER_SPEC = 20;

    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(0, 8, 30, TimeUnit.SECONDS, new SynchronousQueue<>());
    private final DtlsIdentity identity = DtlsIdentity.generate(Instant.now());
    private final DtlsIdentity other = DtlsIdentity.generate(Instant.now());

    /** No handshake keeps its thread. */
    @AfterEach
    void nothingRuns() throws Exception {
        Wait.until("threads are free", () -> executor.getActiveCount() == 0);
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** One side, and what it heard. */
    private final class Party implements DtlsAssociation.Listener {
        final DtlsAssociation association;
        final List<Integer> sizes = new CopyOnWriteArrayList<>();
        final List<String> ends = new CopyOnWriteArrayList<>();
        final List<DtlsKeys> keys = new CopyOnWriteArrayList<>();
        volatile Consumer<byte[]> out = datagram -> {};

        Party(DtlsIdentity own, Side side, DtlsIdentity expected) {
            association = new DtlsAssociation(own, side, List.of(expected.fingerprint()), executor, this);
        }

        /** What arrives; one at a time. */
        synchronized void take(byte[] datagram) {
            association.take(Unpooled.wrappedBuffer(datagram));
        }

        @Override
        public void send(byte[] datagram) {
            sizes.add(datagram.length);
            out.accept(datagram);
        }

        @Override
        public void established(DtlsKeys agreed) {
            keys.add(agreed);
        }

        @Override
        public void ended(String why) {
            ends.add(why);
        }

        boolean done() {
            return !keys.isEmpty() || !ends.isEmpty();
        }
    }

    /** A way that loses one datagram, sends some twice, and lets some be overtaken. */
    private static final class Way implements Consumer<byte[]> {
        private final Random random;
        private final Party to;
        private int lost;
        private byte @Nullable [] held;

        Way(long seed, Party to) {
            this.random = new Random(seed);
            this.to = to;
        }

        @Override
        public synchronized void accept(byte[] datagram) {
            int fate = random.nextInt(10);
            if (fate < 3 && lost == 0) {
                lost++;
                return;
            }
            byte[] before = held;
            held = null;
            if (fate > 7 && before == null) {
                held = datagram;
                return;
            }
            to.take(datagram);
            if (fate == 3) {
                to.take(datagram);
            }
            if (before != null) {
                to.take(before);
            }
        }
    }

    private static void assertSame(DtlsKeys one, DtlsKeys another) {
        assertThat(one.ours()).usingRecursiveComparison().isEqualTo(another.theirs());
        assertThat(one.theirs()).usingRecursiveComparison().isEqualTo(another.ours());
        assertThat(one.ours()).usingRecursiveComparison().isNotEqualTo(one.theirs());
    }

    private record Pair(Party client, Party server) {
        Pair {
            client.out = server::take;
            server.out = client::take;
        }

        void start() {
            assertThat(server.association.start()).isTrue();
            assertThat(client.association.start()).isTrue();
        }

        void close() {
            client.association.close();
            server.association.close();
        }
    }

    private Pair pair() {
        return new Pair(new Party(identity, Side.CLIENT, other), new Party(other, Side.SERVER, identity));
    }

    private Pair established() throws Exception {
        Pair pair = pair();
        pair.start();
        Wait.until("both are done", () -> pair.client.done() && pair.server.done());
        assertThat(pair.client.keys).hasSize(1);
        assertThat(pair.server.keys).hasSize(1);
        return pair;
    }

    @Test
    void bothRolesAgreeWithEachOther() throws Exception {
        Pair pair = established();
        assertSame(pair.client.keys.getFirst(), pair.server.keys.getFirst());
        assertThat(pair.client.keys.getFirst().ours().profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
        assertThat(pair.client.ends).isEmpty();
        assertThat(pair.server.ends).isEmpty();
        pair.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void lossAndDisorderCostTime(long seed) throws Exception {
        Pair pair = pair();
        pair.client.out = new Way(seed, pair.server);
        pair.server.out = new Way(-seed, pair.client);
        pair.start();
        Wait.until("both are done", () -> pair.client.done() && pair.server.done());
        assertThat(pair.client.ends).isEmpty();
        assertThat(pair.server.ends).isEmpty();
        assertSame(pair.client.keys.getFirst(), pair.server.keys.getFirst());
        assertThat(pair.client.sizes).allMatch(size -> size <= 1_200);
        assertThat(pair.server.sizes).allMatch(size -> size <= 1_200);
        pair.close();
    }

    /** Each that either sends is lost once: ClientHello, its answer's five, the client's five, the server's two, and none. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void anyDatagramMayBeLost(int lost) throws Exception {
        Pair pair = pair();
        AtomicInteger sent = new AtomicInteger();
        for (Party each : List.of(pair.client, pair.server)) {
            Consumer<byte[]> out = each.out;
            each.out = datagram -> {
                if (sent.getAndIncrement() != lost) {
                    out.accept(datagram);
                }
            };
        }
        pair.start();
        Wait.until("both are done", () -> pair.client.done() && pair.server.done());
        assertThat(pair.client.ends).isEmpty();
        assertThat(pair.server.ends).isEmpty();
        assertSame(pair.client.keys.getFirst(), pair.server.keys.getFirst());
        pair.close();
    }

    private Future<@Nullable DtlsKeys> run(BarePeer peer, boolean client) {
        return executor.submit(() -> client ? peer.connect() : peer.accept());
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void takesTheProfileOfAClient(SrtpProfile profile) throws Exception {
        List<Party> parties = new ArrayList<>();
        // so small that its ClientHello comes in fragments
        BarePeer peer =
                new BarePeer(profile, 120, true, datagram -> parties.getFirst().take(datagram));
        Party ours = new Party(identity, Side.SERVER, peer.identity);
        parties.add(ours);
        ours.out = peer.received::add;
        assertThat(ours.association.start()).isTrue();
        DtlsKeys theirs = run(peer, true).get(30, TimeUnit.SECONDS);
        Wait.until("it is done", ours::done);
        assertThat(ours.ends).isEmpty();
        assertThat(ours.keys.getFirst().ours().profile()).isEqualTo(profile);
        assertSame(ours.keys.getFirst(), theirs);
        assertThat(ours.sizes).allMatch(size -> size <= 1_200);
        ours.association.close();
    }

    /** Each of a client whose messages come in fragments is lost once, or overtaken by the one behind it: of its proof, too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyFragmentMayBeLostOrLate(boolean late) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        int fate = 0;
        do {
            sent.set(0);
            int unlucky = fate;
            List<Party> parties = new ArrayList<>();
            AtomicReference<byte[]> held = new AtomicReference<>();
            BarePeer peer = new BarePeer(SrtpProfile.AEAD_AES_128_GCM, 100, true, datagram -> {
                if (sent.getAndIncrement() == unlucky) {
                    held.set(datagram);
                    return;
                }
                parties.getFirst().take(datagram);
                byte[] before = held.getAndSet(null);
                if (late && before != null) {
                    parties.getFirst().take(before);
                }
            });
            Party ours = new Party(identity, Side.SERVER, peer.identity);
            parties.add(ours);
            ours.out = peer.received::add;
            assertThat(ours.association.start()).isTrue();
            DtlsKeys theirs = run(peer, true).get(30, TimeUnit.SECONDS);
            Wait.until("it is done", ours::done);
            assertThat(ours.ends).as("without datagram %d", unlucky).isEmpty();
            assertSame(ours.keys.getFirst(), theirs);
            ours.association.close();
            Wait.until("threads are free", () -> executor.getActiveCount() == 0);
        } while (fate++ < sent.get());
        assertThat(fate).as("datagrams of fragments").isGreaterThan(9);
    }

    /** FFmpeg: it is the server, and asks for no certificate. */
    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void takesTheProfileOfAServer(SrtpProfile profile) throws Exception {
        List<Party> parties = new ArrayList<>();
        BarePeer peer = new BarePeer(
                profile, 1_200, true, datagram -> parties.getFirst().take(datagram));
        Party ours = new Party(identity, Side.CLIENT, peer.identity);
        parties.add(ours);
        ours.out = peer.received::add;
        Future<@Nullable DtlsKeys> theirs = run(peer, false);
        assertThat(ours.association.start()).isTrue();
        Wait.until("it is done", ours::done);
        assertThat(ours.ends).isEmpty();
        assertThat(ours.keys.getFirst().ours().profile()).isEqualTo(profile);
        assertSame(ours.keys.getFirst(), theirs.get(30, TimeUnit.SECONDS));
        ours.association.close();
    }

    /** Who shows no certificate is nobody whom the offer named. */
    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        List<Party> parties = new ArrayList<>();
        BarePeer peer = new BarePeer(
                SrtpProfile.AEAD_AES_128_GCM,
                1_200,
                false,
                datagram -> parties.getFirst().take(datagram));
        Party ours = new Party(identity, Side.SERVER, peer.identity);
        parties.add(ours);
        ours.out = peer.received::add;
        assertThat(ours.association.start()).isTrue();
        Future<@Nullable DtlsKeys> theirs = run(peer, true);
        Wait.until("both are done", () -> ours.done() && theirs.isDone());
        assertThat(ours.keys).isEmpty();
        assertThat(ours.ends).isNotEmpty();
        assertThat(theirs.state()).isEqualTo(Future.State.FAILED);
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void aCertificateThatNobodyAnnouncedIsRefused(Side deceived) throws Exception {
        DtlsIdentity stranger = DtlsIdentity.generate(Instant.now());
        Pair pair = new Pair(
                new Party(identity, Side.CLIENT, deceived == Side.CLIENT ? stranger : other),
                new Party(other, Side.SERVER, deceived == Side.SERVER ? stranger : identity));
        pair.start();
        Wait.until("both are done", Duration.ofSeconds(40), () -> pair.client.done() && pair.server.done());
        for (Party each : List.of(pair.client, pair.server)) {
            assertThat(each.keys).isEmpty();
            assertThat(each.ends)
                    .isNotEmpty()
                    .allSatisfy(why -> assertThat(why).startsWith("the DTLS handshake failed"));
        }
        // Who is deceived says so at once, in clear; the other believes no alert in clear, and waits.
        Party refusing = deceived == Side.CLIENT ? pair.client : pair.server;
        assertThat(refusing.ends).allSatisfy(why -> assertThat(why).doesNotContain("Timeout"));
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void goodbyeIsHeard(Side first) throws Exception {
        Pair pair = established();
        Party leaving = first == Side.CLIENT ? pair.client : pair.server;
        Party left = first == Side.CLIENT ? pair.server : pair.client;
        leaving.association.close();
        Wait.until("it is heard", () -> !left.ends.isEmpty());
        assertThat(left.ends.getFirst()).isEqualTo("the peer said goodbye");
        left.association.close();
    }

    @Test
    void withoutAThreadNothingBegins() throws Exception {
        DtlsAssociation association = new DtlsAssociation(
                identity,
                Side.SERVER,
                List.of(other.fingerprint()),
                work -> {
                    throw new RejectedExecutionException();
                },
                pair().client);
        assertThat(association.start()).isFalse();
        assertThat(association.start()).as("it may be tried again").isFalse();
        association.close();
    }

    @Test
    void garbageIsPassedOver() throws Exception {
        Pair pair = pair();
        Random random = new Random(7);
        for (Party each : List.of(pair.client, pair.server)) {
            Consumer<byte[]> out = each.out;
            each.out = datagram -> {
                byte[] garbage = new byte[random.nextInt(1_400)];
                random.nextBytes(garbage);
                if (garbage.length > 0) {
                    garbage[0] = (byte) random.nextInt(20, 64);
                }
                out.accept(garbage);
                out.accept(new byte[1_501]);
                out.accept(new byte[0]);
                out.accept(datagram);
                byte[] cut = Arrays.copyOf(datagram, datagram.length - 1);
                out.accept(cut);
            };
        }
        pair.start();
        Wait.until("both are done", () -> pair.client.done() && pair.server.done());
        assertSame(pair.client.keys.getFirst(), pair.server.keys.getFirst());
        // afterwards too
        byte[] garbage = new byte[100];
        for (int i = 0; i < 20; i++) {
            random.nextBytes(garbage);
            garbage[0] = 23;
            pair.server.take(garbage);
        }
        pair.client.association.close();
        Wait.until("goodbye is heard", () -> !pair.server.ends.isEmpty());
        assertThat(pair.server.ends.getFirst()).isEqualTo("the peer said goodbye");
        for (int i = 0; i < 200; i++) {
            pair.server.take(garbage);
        }
        pair.server.association.close();
    }

    /** Not only when its time is over: a thread is one of few. */
    @ParameterizedTest
    @EnumSource(Side.class)
    void closingEndsAHandshake(Side side) throws Exception {
        Party party = new Party(identity, side, other);
        assertThat(party.association.start()).isTrue();
        // a client sends its ClientHello again and again, and waits twice as long each time: 3.2 s behind the fifth
        Wait.until(
                "it waits", () -> executor.getActiveCount() == 1 && (side == Side.SERVER || party.sizes.size() >= 5));
        party.association.close();
        Wait.until("its thread is free", Duration.ofMillis(2_500), () -> executor.getActiveCount() == 0);
        assertThat(party.keys).isEmpty();
        assertThat(party.ends).allSatisfy(why -> assertThat(why).doesNotContain("Timeout"));
        party.association.close();
    }

    @Test
    void nothingIsEstablishedThatWasClosed() throws Exception {
        Pair pair = pair();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        pair.server.out = datagram -> {
            if (datagram[0] == CHANGE_CIPHER_SPEC) { // its last flight
                pair.server.association.close();
                closed.complete(null);
            }
            pair.client.take(datagram);
        };
        pair.start();
        closed.join();
        Wait.until("goodbye is said to the client, for whom it was complete", () -> !pair.client.ends.isEmpty());
        pair.client.association.close();
        Wait.until("threads are free", () -> executor.getActiveCount() == 0);
        assertThat(pair.server.keys).isEmpty();
        assertThat(pair.client.ends.getFirst()).isEqualTo("the peer said goodbye");
    }
}
