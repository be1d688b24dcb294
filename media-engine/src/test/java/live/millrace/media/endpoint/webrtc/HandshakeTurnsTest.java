// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.dtls.DtlsKeys;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.protocol.webrtc.Offer;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handshake counts while it lasts, and its peer does not afterwards: a school has more viewers than turns. */
class HandshakeTurnsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final DtlsIdentity ours = DtlsIdentity.generate(Instant.now());
    private final DtlsIdentity theirs = DtlsIdentity.generate(Instant.now());
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final WebrtcPort port = new WebrtcPort(WebrtcTallies.fresh());
    private final AtomicInteger established = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        loops.shutdownGracefully().syncUninterruptibly();
    }

    private final class Viewer implements WebrtcConnection.Role {
        @Override
        public void heard() {}

        @Override
        public void unheard() {}

        @Override
        public void established() {
            established.incrementAndGet();
        }

        @Override
        public long patienceNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public void rtp(ByteBuf packet, long now) {}

        @Override
        public void rtcp(ByteBuf packet, long now) {}

        @Override
        public void tick(long now) {}

        @Override
        public void gone(WebrtcConnection.End end) {}

        @Override
        public void failed(Throwable cause) {}
    }

    private int running(Channel bound) throws Exception {
        return bound.eventLoop().submit(() -> port.turns().running(HERE)).get();
    }

    private static void send(DatagramSocket from, Channel to, byte[] datagram) {
        try {
            from.send(new DatagramPacket(datagram, datagram.length, to.localAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen(DatagramSocket socket, DtlsAssociation client, AtomicInteger answers) {
        byte[] room = new byte[2_048];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                socket.receive(packet);
                if (room[0] <= 3) {
                    answers.incrementAndGet();
                } else {
                    client.take(Unpooled.copiedBuffer(room, 0, packet.getLength()));
                }
            }
        } catch (SocketException closed) {
            // over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoIsThroughTakesNobodysTurn() throws Exception {
        Channel bound = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(port)
                .bind(new InetSocketAddress(HERE, 0))
                .sync()
                .channel();
        Offer offer = Offer.parse("""
                v=0
                a=ice-ufrag:peer
                a=ice-pwd:a-password-of-the-peer-itself
                a=fingerprint:%s
                m=audio 9 UDP/TLS/RTP/SAVPF 8
                """.formatted(theirs.fingerprint().text()));
        WebrtcConnection connection = bound.eventLoop()
                .submit(() -> {
                    WebrtcConnection made = new WebrtcConnection(port, offer, ours, threads, new Viewer());
                    port.add(made);
                    return made;
                })
                .get();
        AtomicInteger answers = new AtomicInteger();
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            DtlsAssociation client = new DtlsAssociation(
                    theirs,
                    DtlsAssociation.Side.CLIENT,
                    List.of(ours.fingerprint()),
                    threads,
                    new DtlsAssociation.Listener() {
                        @Override
                        public void send(byte[] datagram) {
                            HandshakeTurnsTest.send(socket, bound, datagram);
                        }

                        @Override
                        public void established(DtlsKeys keys) {}

                        @Override
                        public void ended(String why) {}
                    });
            threads.execute(() -> listen(socket, client, answers));
            StunClient browser = new StunClient(
                    "peer", connection.ours().fragment(), connection.ours().password());
            byte[] check = ByteBufUtil.getBytes(browser.check(StunClient.transaction(new Random(1)), true));
            send(socket, bound, check);
            Wait.until("its check is answered", () -> answers.get() > 0);
            assertThat(running(bound)).isEqualTo(1);
            client.start();
            Wait.until("it is through", () -> established.get() == 1);
            assertThat(running(bound)).isZero();
            bound.eventLoop().submit(connection::close).get();
            assertThat(running(bound)).as("given back once").isZero();
            client.close();
        }
        bound.close().sync();
    }
}
