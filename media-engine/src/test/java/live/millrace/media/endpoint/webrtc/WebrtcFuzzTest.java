// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.access.StreamKey;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.admission.PublishAnswer;
import live.millrace.media.admission.PublishQuestion;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.Offer;
import live.millrace.media.testing.OpenEngine;

/** The port of WebRTC and whoever publishes there, with whatever comes. */
class WebrtcFuzzTest {
    private static final DtlsIdentity IDENTITY = DtlsIdentity.generate(Instant.EPOCH);
    private static final long STEP_NANOS = 5_000_000;
    private static final int VIDEO = 108;
    private static final int AGAIN = 109;
    private static final int SOUND = 111;

    private static String offer(String picture) {
        return """
            v=0
            a=ice-ufrag:peer
            a=ice-pwd:a-password-of-the-peer-itself
            a=fingerprint:sha-256 00:01
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=sendonly
            a=rtpmap:111 opus/48000/2
            m=video 9 UDP/TLS/RTP/SAVPF 108 109
            a=sendonly
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=rtpmap:108 %s/90000
            a=rtcp-fb:108 nack
            a=rtcp-fb:108 nack pli
            a=rtcp-fb:108 transport-cc
            a=fmtp:108 packetization-mode=1;profile-level-id=42e01f
            a=rtpmap:109 rtx/90000
            a=fmtp:109 apt=108
            """.formatted(picture);
    }

    /** Whoever is on the line; no thread is left for handshakes. */
    private static WebrtcConnection connection(WebrtcPort port, Offer offer, WebrtcConnection.Role role) {
        WebrtcConnection made = new WebrtcConnection(
                port,
                offer,
                IDENTITY,
                work -> {
                    throw new RejectedExecutionException();
                },
                role);
        port.add(made);
        return made;
    }

    private static final class Nobody implements WebrtcConnection.Role {
        private final List<Throwable> failures = new ArrayList<>();

        @Override
        public void heard() {}

        @Override
        public void unheard() {}

        @Override
        public void established() {
            throw new AssertionError("nobody shook hands");
        }

        @Override
        public long patienceNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public void rtp(ByteBuf packet, long now) {
            throw new AssertionError("there are no keys");
        }

        @Override
        public void rtcp(ByteBuf packet, long now) {
            throw new AssertionError("there are no keys");
        }

        @Override
        public void tick(long now) {}

        @Override
        public void gone(WebrtcConnection.End end) {}

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }
    }

    /**
     * Before the handshake: nobody is sent anything who did not prove where he is, and nobody more than he sent. Each datagram has a byte that
     * says from where it comes and whether it is an authentic check, one of its length, and its bytes.
     */
    @FuzzTest(maxDuration = "60s")
    void anyDatagramsAreAnsweredToNobodyWhoProvedNothing(byte[] bytes) {
        WebrtcPort port = new WebrtcPort(WebrtcTallies.fresh());
        EmbeddedChannel channel = new EmbeddedChannel(port);
        Nobody role = new Nobody();
        WebrtcConnection connection = connection(port, Offer.parse(offer("H264")), role);
        StunClient peer = new StunClient(
                "peer", connection.ours().fragment(), connection.ours().password());
        Set<SocketAddress> proven = new HashSet<>();
        List<ByteBuf> given = new ArrayList<>();
        for (int at = 0; at + 2 <= bytes.length; ) {
            int kind = bytes[at++] & 0xFF;
            int length = Math.min(8 * (bytes[at++] & 0xFF), bytes.length - at);
            InetSocketAddress from = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + (kind >> 2));
            ByteBuf datagram = PooledByteBufAllocator.DEFAULT.buffer().writeBytes(bytes, at, length);
            at += length;
            if ((kind & 1) != 0) {
                byte[] transaction = new byte[12];
                transaction[0] = (byte) at;
                ByteBuf check = peer.check(transaction, (kind & 2) != 0);
                datagram.clear().writeBytes(check);
                proven.add(from);
            }
            int sent = datagram.readableBytes();
            given.add(datagram);
            channel.writeInbound(new DatagramPacket(datagram, from, from));
            for (DatagramPacket out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                assertThat(out.recipient()).isEqualTo(from);
                assertThat(proven).contains(from);
                assertThat(out.content().readableBytes()).isLessThanOrEqualTo(sent);
                out.release();
            }
        }
        connection.close();
        channel.finishAndReleaseAll();
        assertThat(role.failures).isEmpty();
        assertThat(given).allMatch(each -> each.refCnt() == 0);
    }

    /**
     * Behind the handshake: whatever a publisher sends, no error is ours, and nothing of it is kept. The first byte says which codec; each
     * packet has a byte that says what it is, one by how much its number goes on, one of its length, and its bytes.
     */
    @FuzzTest(maxDuration = "60s")
    void anyPacketsOfAPublisherMakeFramesOrNone(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        String[] codecs = {"H264", "VP8", "VP9", "AV1", "H265"};
        Offer offer = Offer.parse(offer(codecs[(bytes[0] & 0xFF) % codecs.length]));
        WebrtcPort port = new WebrtcPort(WebrtcTallies.fresh());
        EmbeddedChannel channel = new EmbeddedChannel(port);
        StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
        PublishAdmission admission = new PublishAdmission(
                AdmissionConfig.defaults(),
                _ -> CompletableFuture.completedStage(new PublishDecision.Granted("anna", "7")),
                OpenEngine.SILENT,
                registry);
        PublishAttempt attempt = new PublishAttempt(
                UUID.randomUUID(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 5),
                "webrtc",
                "",
                Optional.empty(),
                Optional.of(new StreamKey("key")),
                RequestedStream.NONE);
        WhipSession session = new WhipSession(attempt, AgreedMedia.received(offer), port.tallies(), 1, () -> {});
        PublishQuestion question = admission.request(attempt, session, channel.eventLoop());
        session.asks(question);
        question.answer()
                .thenAccept(answer ->
                        session.begin(((PublishAnswer.Admitted) answer).session(), connection(port, offer, session)));
        channel.runPendingTasks();
        session.established();
        List<ByteBuf> given = new ArrayList<>();
        long now = System.nanoTime();
        int number = 65_530;
        for (int at = 1; at + 3 <= bytes.length; ) {
            int kind = bytes[at++] & 0xFF;
            number = (number + bytes[at++]) & 0xFFFF;
            int length = Math.min(bytes[at++] & 0xFF, bytes.length - at);
            now += STEP_NANOS;
            ByteBuf packet = PooledByteBufAllocator.DEFAULT.buffer();
            given.add(packet);
            switch (kind & 3) {
                case 0 -> session.rtcp(packet.writeBytes(bytes, at, length), now);
                case 1 -> session.rtp(packet.writeBytes(bytes, at, length), now);
                default -> {
                    int type = (kind & 3) == 2 ? VIDEO : (kind & 4) == 0 ? AGAIN : SOUND;
                    RtpPacket.writeHeader(
                            (kind & 8) != 0, type, number, 3_600L * (kind >> 5), (kind & 16) == 0 ? 1 : 2, packet);
                    session.rtp(packet.writeBytes(bytes, at, length), now);
                }
            }
            packet.release();
            at += length;
            session.tick(now);
            channel.runPendingTasks();
        }
        session.end(PublishEnd.UNPUBLISHED);
        channel.runPendingTasks();
        registry.close();
        channel.finishAndReleaseAll();
        assertThat(given).allMatch(each -> each.refCnt() == 0);
    }
}
