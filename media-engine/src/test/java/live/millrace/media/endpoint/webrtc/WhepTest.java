// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.access.PlaySession;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.TestPrograms;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Watching by WHEP, from the offer to the end; what is watched is sent by RTMP, or by WHIP. */
@ExtendWith(LeakExtension.class)
class WhepTest {
    private static final String SDP = "application/sdp";

    /** A picture of so many bytes has four packets. */
    private static final int LARGE = 4_000;

    @TempDir
    Path directory;

    private final AtomicLong millis = new AtomicLong();
    private MediaEngine engine;
    private RtmpScript encoder;
    private WhepPeer peer;

    @BeforeEach
    void start() throws Exception {
        engine = OpenEngine.start(
                OpenEngine.config(directory).with(WebrtcConfig.defaults().at("127.0.0.1", 0)));
        peer = new WhepPeer(engine.port("http"));
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        if (encoder != null) {
            encoder.close();
        }
        engine.close();
    }

    // ---- what is watched --------------------------------------------------------------------------------------

    private void goesLive() throws Exception {
        encoder = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(encoder.publish("anna")).isEqualTo("NetStream.Publish.Start");
        encoder.send(4, 9, 1, 0, SampleMedia.videoHeader());
        encoder.send(4, 8, 1, 0, SampleMedia.audioHeader());
        pictures(30, true);
        encoder.sync();
    }

    /** Pictures and sound of 40 ms each; the first is large, and may be one to begin with. */
    private void pictures(int count, boolean key) throws IOException {
        for (int i = 0; i < count; i++) {
            long at = millis.getAndAdd(40);
            encoder.send(4, 9, 1, at, SampleMedia.picture(key && i == 0, i == 0 ? LARGE : 300));
            encoder.send(4, 8, 1, at, SampleMedia.sound(100));
        }
    }

    /** A picture that is shown so much later than it is decoded. */
    private static ByteBuf later(int offset) {
        return Unpooled.buffer()
                .writeByte(0x27)
                .writeByte(1)
                .writeMedium(offset)
                .writeInt(50)
                .writeByte(0x41)
                .writeZero(49);
    }

    private WhipPeer goesLiveByWhip() throws Exception {
        WhipPeer publisher = new WhipPeer(engine.port("http"));
        publisher.offers("anna");
        publisher.connects();
        sends(publisher, 12);
        Wait.until(
                "pictures and sound came",
                () -> engine.control().stream("anna")
                        .filter(each -> each.video().isPresent() && each.audio().isPresent())
                        .isPresent());
        return publisher;
    }

    private void sends(WhipPeer publisher, int pictures) throws IOException {
        for (int i = 0; i < pictures; i++) {
            publisher.picture(i == 0, millis.get(), i == 0 ? 4 : 1);
            publisher.sound(millis.get());
            publisher.sound(millis.get() + 20);
            millis.addAndGet(40);
        }
    }

    private HttpResponse<String> post(String path, String offer) throws Exception {
        return peer.post(path, Optional.empty(), SDP, offer);
    }

    // ---- the answer -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/live/anna/whep",
                "/anna/whep",
                "/rtc/v1/whep/?app=live&stream=anna",
                "/rtc/v1/whep?stream=anna",
                "/t/nobodys-ticket/live/anna/whep",
                "/live/anna/whep?t=nobodys-ticket"
            })
    void whoeverMayWatchIsAnswered(String path) throws Exception {
        goesLive();
        HttpResponse<String> answer = post(path, peer.offer());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Content-Type")).contains(SDP);
        assertThat(answer.headers().firstValue("Location").orElseThrow())
                .matches("http://127\\.0\\.0\\.1:" + engine.port("http") + "/whep/[0-9a-f]{32}");
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("Location", "Millrace-Reason");
    }

    @Test
    void theAnswerSaysWhatIsSentAndHow() throws Exception {
        goesLive();
        HttpResponse<String> response = post("/live/anna/whep", peer.offer());
        assertThat(response.headers().firstValue("Millrace-Reason")).contains("sound");
        String answer = response.body();
        assertThat(answer)
                .as("AAC is none of it: the sound keeps its place, and is quiet")
                .containsPattern("m=audio 9 UDP/TLS/RTP/SAVPF 111\\R(?:(?!m=).*\\R)*a=inactive\\R")
                .contains("m=video 9 UDP/TLS/RTP/SAVPF 108 109\r\n")
                .contains("a=sendonly\r\n", "a=setup:passive\r\n", "a=group:BUNDLE 0 1\r\n")
                .contains("a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n")
                .contains("a=rtcp-fb:108 nack\r\n", "a=rtcp-fb:108 nack pli\r\n", "a=rtcp-fb:108 transport-cc\r\n")
                .contains("a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n")
                .contains("a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n")
                .containsPattern("a=msid:millrace video\r\n")
                .containsPattern(
                        "a=ssrc-group:FID (\\d+) (\\d+)\\Ra=ssrc:\\1 cname:millrace\\Ra=ssrc:\\2 cname:millrace")
                .doesNotContain("recvonly", "goog-remb", "VP8");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, OFFER, 415",
        "application/sdp, hello, 400",
        "application/sdp, ONE WHO SENDS, 406",
        "application/sdp, WITHOUT H264, 406",
        "application/sdp, SOUND ALONE, 406",
        "application/sdp; charset=utf-8, OFFER, 201",
    })
    void whatCannotBeAnsweredIsRefusedInWords(String type, String body, int status) throws Exception {
        goesLive();
        String offer = switch (body) {
            case "OFFER" -> peer.offer();
            case "ONE WHO SENDS" -> peer.offer().replace("recvonly", "sendonly");
            case "WITHOUT H264" -> peer.offer().replace("H264", "H263");
            case "SOUND ALONE" -> peer.offer().replaceAll("(?s)m=video.*", "");
            default -> body;
        };
        HttpResponse<String> answer = peer.post("/live/anna/whep", Optional.empty(), type, offer);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (status == 406) {
            assertThat(answer.headers().firstValue("Millrace-Reason")).contains("codec");
        }
        if (status != 201) {
            assertThat(answer.body()).endsWith(".\n").hasSizeGreaterThan(20);
        }
    }

    @Test
    void otherMethodsAreNone() throws Exception {
        assertThat(peer.send("GET", "/live/anna/whep")).isEqualTo(405);
        assertThat(peer.send("PUT", "/live/anna/whep")).isEqualTo(405);
        assertThat(peer.send("PATCH", "/whep/0123")).isEqualTo(405);
        assertThat(peer.send("OPTIONS", "/live/anna/whep")).isEqualTo(204);
        assertThat(peer.send("DELETE", "/whep/0123456789abcdef0123456789abcdef"))
                .isEqualTo(404);
    }

    @Test
    void whoComesBeforeTheStreamWaitsForIt() throws Exception {
        var waiting = Beside.supply(() -> {
            try {
                return post("/live/anna/whep", peer.offer()).statusCode();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        goesLive();
        assertThat(waiting.get(15, TimeUnit.SECONDS)).isEqualTo(201);
    }

    // ---- pictures that are reordered --------------------------------------------------------------------------

    @Test
    void picturesInAnotherOrderThanTheyAreShownAreRefused() throws Exception {
        goesLive();
        encoder.send(4, 9, 1, millis.getAndAdd(40), later(120));
        encoder.send(4, 9, 1, millis.getAndAdd(40), later(0));
        encoder.sync();
        HttpResponse<String> answer = post("/live/anna/whep", peer.offer());
        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(answer.headers().firstValue("Millrace-Reason")).contains("b-frames");
        assertThat(answer.body()).contains("B-frames");
    }

    @Test
    void whoWatchesWhenTheyBeginIsSentAway() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("pictures come", () -> !peer.came(WhepPeer.VIDEO).isEmpty());
        encoder.send(4, 9, 1, millis.getAndAdd(40), later(120));
        encoder.send(4, 9, 1, millis.getAndAdd(40), later(0));
        Wait.until("it is over", () -> !peer.said.isEmpty());
    }

    // ---- watching ---------------------------------------------------------------------------------------------

    @Test
    void aViewerBeginsWithAPictureThatNeedsNoOther() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("all of the group came", () -> peer.came(WhepPeer.VIDEO).size() >= 35);
        List<WhepPeer.Came> first = peer.came(WhepPeer.VIDEO);
        assertThat(first.subList(0, 6)).extracting(WhepPeer.Came::nalUnit).containsExactly(7, 8, 5, 5, 5, 5);
        assertThat(first.subList(0, 6))
                .as("one access unit")
                .extracting(WhepPeer.Came::timestamp)
                .containsOnly(first.getFirst().timestamp());
        assertThat(first.subList(0, 6))
                .extracting(WhepPeer.Came::marker)
                .containsExactly(false, false, false, false, false, true);
        for (int i = 1; i < first.size(); i++) {
            assertThat(first.get(i).sequenceNumber())
                    .isEqualTo((first.get(i - 1).sequenceNumber() + 1) & 0xFFFF);
            assertThat(first.get(i).transport()).isEqualTo(i);
        }
        int before = peer.came.size();
        pictures(10, false);
        Wait.until("what is new comes", () -> peer.came.size() >= before + 10);
        Wait.until(
                "the clocks are told", () -> peer.heard.stream().anyMatch(RtcpPacket.SenderReport.class::isInstance));
    }

    @Test
    void aSecondViewerIsSentTheSameInNumbersOfItsOwn() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("pictures come", () -> peer.came(WhepPeer.VIDEO).size() >= 30);
        try (WhepPeer second = new WhepPeer(engine.port("http"))) {
            second.watches(
                    "/live/anna/whep", second.offer().replace("108", "102").replace("109", "103"));
            Wait.until("it begins", () -> second.came(102).size() >= 30);
            assertThat(second.came(102).getFirst().nalUnit()).isEqualTo(7);
            assertThat(second.ssrc()).isEqualTo(peer.ssrc());
        }
    }

    /** Again, with a program that takes sound and makes none. */
    private void startsWithConverter() throws Exception {
        engine.close();
        peer.close();
        Path program = TestPrograms.shell(directory.resolve("converter"), "cat >/dev/null\nexit 0");
        engine = OpenEngine.start(OpenEngine.converting(OpenEngine.config(directory), program)
                .with(WebrtcConfig.defaults().at("127.0.0.1", 0)));
        peer = new WhepPeer(engine.port("http"));
    }

    @Test
    void whoComesBackWithSoundThatBrowsersPlayIsHeard() throws Exception {
        startsWithConverter();
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("pictures come", () -> !peer.came(WhepPeer.VIDEO).isEmpty());
        encoder.close();
        try (WhipPeer publisher = goesLiveByWhip()) {
            Wait.until("its sound comes", () -> {
                sends(publisher, 1);
                return peer.came(WhepPeer.SOUND).size() > 10;
            });
        }
    }

    @Test
    void whoJoinsBehindAnotherSoundBeginsWithThePicturesThatAreThere() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("all of the group came", () -> peer.came(WhepPeer.VIDEO).size() == 35);
        encoder.send(4, 8, 1, millis.get(), SampleMedia.audioHeader("1190"));
        pictures(5, false);
        Wait.until("they go on", () -> peer.came(WhepPeer.VIDEO).size() > 38);
        try (WhepPeer second = new WhepPeer(engine.port("http"))) {
            second.watches("/live/anna/whep");
            Wait.until("it begins", () -> second.came(WhepPeer.VIDEO).size() > 35);
            assertThat(second.came(WhepPeer.VIDEO).getFirst().nalUnit()).isEqualTo(7);
        }
    }

    @Test
    void ofSoundThatBrowsersDoNotPlayOtherIsMade() throws Exception {
        startsWithConverter();
        goesLive();
        HttpResponse<String> response = post("/live/anna/whep", peer.offer());
        assertThat(response.headers().firstValue("Millrace-Reason")).isEmpty();
        assertThat(response.body())
                .containsPattern("m=audio 9 UDP/TLS/RTP/SAVPF 111\\R(?:(?!m=).*\\R)*a=sendonly\\R")
                .containsPattern("a=rtpmap:111 opus/48000/2\\R");
        peer.watches("/live/anna/whep");
        Wait.until("a program that makes nothing holds no picture up", () -> {
            pictures(1, false);
            return peer.came(WhepPeer.VIDEO).size() > 40;
        });
        assertThat(peer.came(WhepPeer.SOUND)).isEmpty();
    }

    @Test
    void soundOfAPublisherByWhipComesToo() throws Exception {
        try (WhipPeer publisher = goesLiveByWhip()) {
            peer.watches("/live/anna/whep");
            Wait.until("both come", () -> {
                sends(publisher, 3);
                return peer.came(WhepPeer.SOUND).size() > 10
                        && peer.came(WhepPeer.VIDEO).size() > 10;
            });
            assertThat(peer.came(WhepPeer.SOUND).getLast().payload().readableBytes())
                    .isEqualTo(61);
            Wait.until(
                    "the clocks of both are told",
                    () -> peer.heard.stream()
                                    .filter(RtcpPacket.SenderReport.class::isInstance)
                                    .map(each -> ((RtcpPacket.SenderReport) each).ssrc())
                                    .distinct()
                                    .count()
                            == 2);
        }
    }

    @Test
    void aViewerCounts() throws Exception {
        goesLive();
        String session = peer.watches("/live/anna/whep");
        assertThat(engine.playSessions())
                .extracting(PlaySession::attempt)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.protocol()).isEqualTo("webrtc"));
        assertThat(peer.send("DELETE", session)).isEqualTo(200);
        Wait.until("nobody watches", () -> engine.playSessions().isEmpty());
        Wait.until("it is told goodbye", () -> !peer.said.isEmpty());
        assertThat(peer.send("DELETE", session)).isEqualTo(404);
    }

    @Test
    void whoSaysGoodbyeIsGone() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        peer.saysGoodbye();
        Wait.until("nobody watches", () -> engine.playSessions().isEmpty());
    }

    @Test
    void theEndOfTheStreamIsToldAsOne() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        assertThat(engine.control().end("anna")).isTrue();
        Wait.until("it is over", () -> !peer.said.isEmpty());
        Wait.until("nobody watches", () -> engine.playSessions().isEmpty());
    }

    // ---- what is lost -----------------------------------------------------------------------------------------

    @Test
    void whatIsLostIsSentOnceMore() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("pictures come", () -> peer.came(WhepPeer.VIDEO).size() >= 30);
        WhepPeer.Came third = peer.came(WhepPeer.VIDEO).get(2);
        RtcpPacket.Nack nack = new RtcpPacket.Nack(1, peer.ssrc(), List.of(third.sequenceNumber()));
        peer.says(nack, nack, nack);
        Wait.until("it comes", () -> !peer.came(WhepPeer.AGAIN).isEmpty());
        WhepPeer.Came again = peer.came(WhepPeer.AGAIN).getFirst();
        ByteBuf payload = again.payload().duplicate();
        assertThat(payload.readUnsignedShort()).isEqualTo(third.sequenceNumber());
        assertThat(payload).isEqualTo(third.payload());
        assertThat(again.timestamp()).isEqualTo(third.timestamp());
        int before = peer.came.size();
        pictures(3, false);
        Wait.until("it goes on", () -> peer.came.size() >= before + 3);
        assertThat(peer.came(WhepPeer.AGAIN))
                .as("once in the time of a round trip")
                .hasSize(1);
    }

    /** Two that differ under one number would tell what they differ in. */
    @Test
    void withoutAPlaceOfItsOwnItIsTheSameToTheByte() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep", peer.offer().replace("a=rtpmap:109 rtx/90000", "a=rtpmap:109 red/90000"));
        assertThat(peer.answered().replaceAll("(?s)^.*m=video", "")).doesNotContain("transport-cc");
        Wait.until("pictures come", () -> peer.came(WhepPeer.VIDEO).size() >= 30);
        WhepPeer.Came third = peer.came(WhepPeer.VIDEO).get(2);
        peer.says(new RtcpPacket.Nack(1, peer.ssrc(), List.of(third.sequenceNumber())));
        Wait.until("it comes", () -> !peer.repeated.isEmpty());
        assertThat(peer.repeated).containsExactly(third.sequenceNumber());
        assertThat(peer.differing).isEmpty();
    }

    @Test
    void whatNeverWasIsNotSentOnceMore() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("pictures come", () -> peer.came(WhepPeer.VIDEO).size() >= 30);
        int first = peer.came(WhepPeer.VIDEO).getFirst().sequenceNumber();
        int last = peer.came(WhepPeer.VIDEO).getLast().sequenceNumber();
        peer.says(
                new RtcpPacket.Nack(1, peer.ssrc(), List.of((first - 1) & 0xFFFF, (last + 1_000) & 0xFFFF)),
                new RtcpPacket.Nack(1, peer.ssrc() + 1, List.of(first)),
                new RtcpPacket.Nack(1, peer.ssrc(), List.of(last)));
        Wait.until("what was comes", () -> !peer.came(WhepPeer.AGAIN).isEmpty());
        assertThat(peer.came(WhepPeer.AGAIN)).hasSize(1);
    }

    // ---- pictures to begin with -------------------------------------------------------------------------------

    @Test
    void aPublisherByWhipIsAskedForAPictureOnceForAll() throws Exception {
        try (WhipPeer publisher = goesLiveByWhip()) {
            peer.watches("/live/anna/whep");
            Wait.until("pictures come", () -> {
                sends(publisher, 2);
                return peer.came(WhepPeer.VIDEO).size() > 5;
            });
            Wait.until("it is asked for who joined", () -> asked(publisher) > 0);
            sends(publisher, 1);
            long before = asked(publisher);
            for (int i = 0; i < 20; i++) {
                peer.says(new RtcpPacket.PictureLoss(1, peer.ssrc()));
            }
            Wait.until("it is asked", () -> asked(publisher) > before);
            assertThat(asked(publisher)).isLessThanOrEqualTo(before + 2);
        }
    }

    private static long asked(WhipPeer publisher) {
        return publisher.heard.stream()
                .filter(RtcpPacket.PictureLoss.class::isInstance)
                .count();
    }

    @Test
    void aPublisherThatComesBackIsWatchedOn() throws Exception {
        goesLive();
        peer.watches("/live/anna/whep");
        Wait.until("all of the group came", () -> peer.came(WhepPeer.VIDEO).size() == 35);
        encoder.close();
        WhepPeer.Came last = peer.came(WhepPeer.VIDEO).getLast();
        millis.set(0);
        int before = peer.came.size();
        encoder = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        Wait.until("it may come back", () -> encoder.publish("anna").equals("NetStream.Publish.Start"));
        encoder.send(4, 9, 1, 0, SampleMedia.videoHeader());
        encoder.send(4, 8, 1, 0, SampleMedia.audioHeader());
        pictures(30, true);
        Wait.until("its pictures come", () -> peer.came.size() >= before + 10);
        WhepPeer.Came next = peer.came.get(before);
        assertThat(next.nalUnit()).isEqualTo(7);
        assertThat(next.sequenceNumber()).isEqualTo((last.sequenceNumber() + 1) & 0xFFFF);
        assertThat((next.timestamp() - last.timestamp()) & 0xFFFF_FFFFL)
                .as("browsers throw away what lies before what they have shown")
                .isBetween(1L, 90_000L * 60);
    }
}
