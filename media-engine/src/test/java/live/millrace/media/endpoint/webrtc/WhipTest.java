// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.frame.Repair;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing by WHIP, from the offer to the end. The key of a channel is its name behind {@code key-}. */
class WhipTest {
    private static final String SDP = "application/sdp";

    @TempDir
    Path directory;

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final AtomicLong millis = new AtomicLong();
    private MediaEngine engine;
    private WhipPeer peer;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(
                OpenEngine.config(directory).with(WebrtcConfig.defaults().at("127.0.0.1", 0)),
                EnginePorts.openToViewers(WhipTest::decide, new Reports(), OpenEngine.DEAF));
        peer = new WhipPeer(engine.port("http"));
    }

    @AfterEach
    void close() {
        peer.close();
        engine.close();
    }

    private static CompletionStage<PublishDecision> decide(PublishAttempt attempt) {
        String key = attempt.key().orElseThrow().secret();
        return CompletableFuture.completedStage(
                key.startsWith("key-")
                        ? new PublishDecision.Granted(key.substring("key-".length()), "id-" + key)
                        : new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
    }

    private final class Reports implements PublishObserver {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
            told.add("refused " + cause);
        }

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
            told.add(granted.name() + " started by " + attempt.protocol());
        }

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
            told.add(granted.name() + " ended " + end);
        }
    }

    private Optional<StreamStatus> anna() {
        return engine.control().stream("anna");
    }

    private long frames() {
        return anna().map(each -> each.statistics().frames()).orElse(0L);
    }

    private long repairs(Repair repair) {
        return anna().map(each -> each.statistics().count(repair)).orElse(0L);
    }

    /** Half a second of pictures and sound. */
    private void sends() throws Exception {
        for (int i = 0; i < 12; i++) {
            peer.picture(i == 0, millis.get(), i == 0 ? 8 : 1);
            peer.sound(millis.get());
            peer.sound(millis.get() + 20);
            millis.addAndGet(40);
        }
    }

    private void isLive() throws Exception {
        peer.offers("key-anna");
        peer.connects();
        sends();
        Wait.until(
                "pictures and sound came",
                () -> anna().filter(
                                each -> each.video().isPresent() && each.audio().isPresent())
                        .isPresent());
    }

    // ---- the offer --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/whip",
                "/live/anna/whip",
                "/anna/whip",
                "/rtc/v1/whip/?app=live&stream=anna",
                "/rtc/v1/whip?stream=anna"
            })
    void whoeverHasTheKeyIsAnswered(String path) throws Exception {
        HttpResponse<String> answer = peer.post(path, Optional.of("key-anna"), SDP, peer.offer());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Content-Type")).contains(SDP);
        assertThat(answer.headers().firstValue("Location").orElseThrow())
                .matches("http://127\\.0\\.0\\.1:" + engine.port("http") + "/whip/[0-9a-f]{32}");
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("Location");
        assertThat(answer.body())
                .contains("a=ice-lite\r\n", "a=setup:passive\r\n", "a=recvonly\r\n", "a=end-of-candidates\r\n")
                .containsPattern(
                        "a=candidate:1 1 udp 2130706431 127\\.0\\.0\\.1 " + engine.port("webrtc") + " typ host\r\n")
                .contains("a=candidate:2 1 tcp 1671430143 127.0.0.1 " + engine.port("webrtc-tcp")
                        + " typ host tcptype passive\r\n")
                .doesNotContain("sendonly");
    }

    @Test
    void theNameMayBeTheKey() throws Exception {
        assertThat(peer.post("/live/key-anna/whip", Optional.empty(), SDP, peer.offer())
                        .statusCode())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "key-anna, text/plain, v=0, 415",
        "key-anna, application/sdp, hello, 400",
        "key-anna, application/sdp, '', 400",
        "wrong, application/sdp, OFFER, 403",
        ", application/sdp, OFFER, 401",
        "key-anna, application/sdpx, OFFER, 415",
        "key-anna, application/sdp; charset=utf-8, OFFER, 201",
        "key-anna, application/sdp, WITHOUT MEDIA THAT WE KNOW, 406",
        "key-anna, application/sdp, OF OTHER CLOCKS, 406",
        "key-anna, application/sdp, LIKE RTCP, 406",
        "key-anna, application/sdp, OF ANOTHER PROTOCOL, 406",
    })
    void whatCannotBeAnsweredIsRefusedInWords(String key, String type, String body, int status) throws Exception {
        String offer = switch (body) {
            case "OFFER" -> peer.offer();
            case "WITHOUT MEDIA THAT WE KNOW" ->
                peer.offer().replace("H264", "H261").replace("opus", "L24");
            case "OF OTHER CLOCKS" ->
                peer.offer().replace("H264/90000", "H264/1").replace("opus/48000", "opus/8000");
            case "LIKE RTCP" -> peer.offer().replace("108", "72").replace("111", "73");
            case "OF ANOTHER PROTOCOL" -> peer.offer().replace("UDP/TLS/RTP/SAVPF", "X<script>TLS/RTP/SAVPF");
            default -> body;
        };
        HttpResponse<String> answer = peer.post("/whip", Optional.ofNullable(key), type, offer);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (status != 201) {
            assertThat(answer.body()).endsWith(".\n").hasSizeGreaterThan(20);
        }
    }

    @Test
    void anOfferThatIsTooLongIsRefused() throws Exception {
        assertThat(peer.post("/whip", Optional.of("key-anna"), SDP, peer.offer() + "a=x\r\n".repeat(20_000))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void otherMethodsAreNone() throws Exception {
        assertThat(peer.send("GET", "/whip")).isEqualTo(405);
        assertThat(peer.send("PATCH", "/whip/0123")).isEqualTo(405);
        assertThat(peer.send("DELETE", "/whip/0123456789abcdef0123456789abcdef"))
                .isEqualTo(404);
    }

    // ---- on air -----------------------------------------------------------------------------------------------

    @Test
    void itIsOnAirUntilItsSessionIsDeleted() throws Exception {
        String session = peer.offers("key-anna");
        peer.connects();
        Wait.until("frames come", () -> {
            sends();
            return frames() > 20;
        });
        assertThat(anna().orElseThrow().audio().orElseThrow().codec()).isEqualTo("Opus");
        assertThat(peer.send("DELETE", session)).isEqualTo(200);
        Wait.until("it is over", () -> told.contains("anna ended UNPUBLISHED"));
        assertThat(told).containsExactly("anna started by webrtc", "anna ended UNPUBLISHED");
        assertThat(peer.send("DELETE", session)).isEqualTo(404);
    }

    @Test
    void aTabThatIsClosedMayComeBack() throws Exception {
        isLive();
        peer.saysGoodbye();
        Wait.until("it is lost", () -> told.contains("anna ended CONNECTION_LOST"));
    }

    @Test
    void thePictureIsAskedForAndReportsAreSent() throws Exception {
        isLive();
        Wait.until(
                "a picture is asked for, and what came is told",
                () -> peer.heard.stream().anyMatch(RtcpPacket.PictureLoss.class::isInstance)
                        && peer.heard.stream().anyMatch(RtcpPacket.ReceiverReport.class::isInstance));
    }

    @Test
    void whatIsLostIsAskedForAndComes() throws Exception {
        isLive();
        peer.losesPictureOfOnePacket(millis.getAndAdd(40));
        long before = frames();
        for (int i = 0; i < 5; i++) {
            peer.picture(false, millis.getAndAdd(40), 1);
        }
        Wait.until("it is asked for", () -> peer.heard.stream().anyMatch(RtcpPacket.Nack.class::isInstance));
        Wait.until("all six came after all", () -> frames() >= before + 6);
        long then = frames();
        peer.picture(false, millis.getAndAdd(40), 1);
        Wait.until("what follows is not held up", () -> frames() > then);
        assertThat(repairs(Repair.PACKETS_LOST)).isZero();
    }

    @Test
    void whatNobodySendsAgainCostsNoMoreThanItMust() throws Exception {
        isLive();
        peer.obliging = false;
        peer.losesPictureOfOnePacket(millis.getAndAdd(40));
        Wait.until("it is given up", () -> {
            peer.picture(false, millis.getAndAdd(40), 1);
            return repairs(Repair.PACKETS_LOST) > 0;
        });
        long before = frames();
        Wait.until("a picture that needs no other goes on", () -> {
            peer.picture(true, millis.getAndAdd(40), 3);
            return frames() > before + 2;
        });
    }

    @Test
    void whoMovesToAnotherNetworkGoesOn() throws Exception {
        isLive();
        peer.move();
        peer.checks(true);
        long before = frames();
        Wait.until("what comes from there counts", () -> {
            sends();
            return frames() > before + 10;
        });
        assertThat(told).containsExactly("anna started by webrtc");
    }

    /** Alerts that nobody protected: in clear, and of two bytes behind the handshake. Their sender needs to know an address, and nothing else. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "15fefd000000000000000900020100",
                "15fefd000000000000000900020228",
                "15fefd000100000000000900020100",
                "15fefd00010000000000090000",
                "15fefd000100000000000900180000000000000000000000000000000000000000000000000000000000000000"
            })
    void whatNobodyProtectedEndsNothing(String record) throws Exception {
        isLive();
        for (int i = 0; i < 50; i++) {
            peer.datagram(ByteBufUtil.decodeHexDump(record));
        }
        long before = frames();
        Wait.until("it goes on", () -> {
            sends();
            return frames() > before + 30;
        });
        assertThat(told).containsExactly("anna started by webrtc");
        peer.saysGoodbye();
        Wait.until("its own goodbye is heard", () -> told.contains("anna ended CONNECTION_LOST"));
    }

    @Test
    void whoMovesOnAndOnStays() throws Exception {
        isLive();
        for (int i = 0; i < 20; i++) {
            peer.move();
            peer.checks(true);
        }
        long before = frames();
        Wait.until("what comes from the last place counts", () -> {
            sends();
            return frames() > before + 10;
        });
    }

    @Test
    void nobodyTakesAnAddressFromWhoIsThere() throws Exception {
        isLive();
        try (WhipPeer other = new WhipPeer(engine.port("http"))) {
            other.offers("key-bert");
            peer.datagram(ByteBufUtil.getBytes(other.client().check(StunClient.transaction(new Random(3)), true)));
            long before = frames();
            Wait.until("it is still its own", () -> {
                sends();
                return frames() > before + 10;
            });
        }
    }

    // ---- who is none ------------------------------------------------------------------------------------------

    @Test
    void nobodyIsAnsweredWhoseCheckIsNotAuthentic() throws Exception {
        peer.offers("key-anna");
        StunClient right = peer.client();
        byte[] transaction = StunClient.transaction(new Random(1));
        peer.datagram(ByteBufUtil.getBytes(
                new StunClient(right.ours(), right.theirs(), "another password of 22").check(transaction, true)));
        peer.datagram(ByteBufUtil.getBytes(
                new StunClient(right.ours(), "somebody-els", right.password()).check(transaction, true)));
        peer.datagram(ByteBufUtil.getBytes(
                new StunClient("nobody", right.theirs(), right.password()).check(transaction, true)));
        peer.datagram(new byte[] {0});
        peer.datagram(new byte[] {(byte) 0x80, 108, 0, 0});
        peer.datagram(new byte[] {22, (byte) 0xFE, (byte) 0xFD, 0});
        peer.checks(true);
        assertThat(peer.othersAnswered(transaction)).isFalse();
    }

    @Test
    void whoIsAnsweredAndReachesNothingIsTold() throws Exception {
        peer.offers("key-anna");
        Wait.until("it is given up", () -> told.size() > 1);
        assertThat(told).containsExactly("anna started by webrtc", "anna ended UNREACHED");
    }

    @Test
    void whoShowsAnotherCertificateIsNotLetIn() throws Exception {
        peer.lies();
        peer.offers("key-anna");
        peer.checks(true);
        peer.shakesHands();
        Wait.until("it is over", () -> told.contains("anna ended NO_MEDIA"));
        assertThat(peer.established()).isFalse();
    }

    @Test
    void theSameKeyTakesOver() throws Exception {
        isLive();
        try (WhipPeer second = new WhipPeer(engine.port("http"))) {
            Wait.until("it may", () -> {
                try {
                    second.offers("key-anna");
                    return true;
                } catch (IllegalStateException tooSoon) {
                    return false;
                }
            });
            second.connects();
            second.picture(true, 0, 2);
            Wait.until("the first is gone", () -> told.contains("anna ended TAKEN_OVER"));
        }
    }
}
