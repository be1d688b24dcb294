// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.Offer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Peers between their offer and their keys, with a clock and threads that the test holds. */
class WebrtcConnectionTest {
    private static final DtlsIdentity IDENTITY = DtlsIdentity.generate(Instant.EPOCH);
    private static final Offer OFFER = Offer.parse("""
            v=0
            a=ice-ufrag:peer
            a=ice-pwd:a-password-of-the-peer-itself
            a=fingerprint:sha-256 00:01
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=sendonly
            a=rtpmap:111 opus/48000/2
            """);

    private final WebrtcPort port = new WebrtcPort(WebrtcTallies.fresh());
    private final EmbeddedChannel channel = new EmbeddedChannel(port);

    /** Handshakes that have a thread: none of them ends. */
    private final List<Runnable> running = new ArrayList<>();

    private int threads = Integer.MAX_VALUE;
    private final List<WebrtcConnection> connections = new ArrayList<>();

    @AfterEach
    void close() {
        connections.forEach(WebrtcConnection::close);
        channel.finishAndReleaseAll();
    }

    private WhipSession session() {
        return new WhipSession(
                new PublishAttempt(
                        UUID.randomUUID(),
                        new InetSocketAddress("192.0.2.7", 5),
                        "webrtc",
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        RequestedStream.NONE),
                AgreedMedia.received(OFFER),
                port.tallies(),
                8_189,
                () -> {});
    }

    private WebrtcConnection answered() {
        WebrtcConnection made = new WebrtcConnection(
                port,
                OFFER,
                IDENTITY,
                work -> {
                    if (running.size() >= threads) {
                        throw new RejectedExecutionException();
                    }
                    running.add(work);
                },
                session());
        port.add(made);
        connections.add(made);
        return made;
    }

    private WebrtcConnection checksFrom(String address, int number) {
        WebrtcConnection connection = answered();
        StunClient client = new StunClient(
                "peer", connection.ours().fragment(), connection.ours().password());
        InetSocketAddress from = new InetSocketAddress(address, number);
        channel.writeInbound(
                new DatagramPacket(client.check(StunClient.transaction(new Random(number)), true), from, from));
        return connection;
    }

    private static long seconds(long count) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(count);
    }

    /** FFmpeg checks once, and never again. */
    @Test
    void aHandshakeWithoutAThreadBeginsWhenThereIsOne() {
        threads = 1;
        checksFrom("192.0.2.1", 1);
        WebrtcConnection second = checksFrom("192.0.2.2", 2);
        second.tick(seconds(0));
        assertThat(running).hasSize(1);
        threads = 2;
        second.tick(seconds(0));
        assertThat(running).hasSize(2);
        second.tick(seconds(0));
        assertThat(running).as("once").hasSize(2);
    }

    /** Whoever begins handshakes and goes on with none must not keep others waiting. */
    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.2", "2001:db8::1, 2001:db8:0:1::1"})
    void oneAddressHasSomeOfTheThreads(String one, String other) {
        for (int i = 0; i < 2 * HandshakeTurns.OF_ONE; i++) {
            checksFrom(one, 1 + i);
        }
        assertThat(running).hasSize(HandshakeTurns.OF_ONE);
        checksFrom(other, 1);
        assertThat(running).as("somebody else's").hasSize(HandshakeTurns.OF_ONE + 1);
        connections.getFirst().close();
        connections.forEach(each -> each.tick(seconds(0)));
        assertThat(running).as("the next in turn").hasSize(HandshakeTurns.OF_ONE + 2);
    }

    @Test
    void whoWaitsForAThreadHasTakenNobodysTurn() {
        threads = 0;
        for (int i = 0; i < 2 * HandshakeTurns.OF_ONE; i++) {
            checksFrom("192.0.2.1", 1 + i);
        }
        threads = Integer.MAX_VALUE;
        connections.forEach(each -> each.tick(seconds(0)));
        assertThat(running).hasSize(HandshakeTurns.OF_ONE);
    }

    /** Where a proxy of datagrams stands before the server, as containers have it, everybody has its address. */
    @Test
    void whoComesThroughAProxyIsNotCounted() {
        for (int i = 0; i < 2 * HandshakeTurns.OF_ONE; i++) {
            checksFrom("172.17.0.1", 1 + i);
        }
        assertThat(running).hasSize(2 * HandshakeTurns.OF_ONE);
    }

    @Test
    void whereNoCheckComesTheLogSaysOnceWhatMayBeBlocked() {
        Logger logger = (Logger) LoggerFactory.getLogger(WhipSession.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            WebrtcConnection unheard = answered();
            WebrtcConnection heard = checksFrom("192.0.2.1", 1);
            for (long at : new long[] {4, 6, 7}) {
                unheard.tick(seconds(at));
                heard.tick(seconds(at));
                assertThat(log.list).as("after %d s", at).hasSize(at == 4 ? 0 : 1);
            }
            assertThat(log.list.getFirst().getFormattedMessage())
                    .contains("192.0.2.7", "Port 8189 is blocked", "webrtc.addresses");
            assertThat(unheard.over()).isFalse();
            unheard.tick(seconds(16));
            assertThat(unheard.over()).isTrue();
            assertThat(port.tallies().connections().of(WebrtcTallies.Connection.NO_CHECKS))
                    .isEqualTo(1);
        } finally {
            logger.detachAppender(log);
        }
    }
}
