// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.testing.RtspScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers of RTSP, request by request. */
class RtspPublishTest {
    private static final String TCP = "RTP/AVP/TCP;unicast;interleaved=0-1;mode=record";
    private static final String KEY = RtspScene.key("anna");

    @TempDir
    Path directory;

    private RtspScene scene;

    @BeforeEach
    void start() {
        scene = new RtspScene(directory);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private static String basic(String user, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private int frames(String name) throws Exception {
        return scene.pictures(name);
    }

    @Test
    void saysWhatItSaysByteForByte() throws Exception {
        try (RtspScript script = scene.client()) {
            assertThat(script.ask("OPTIONS", "*", "").text())
                    .isEqualTo("RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Millrace\r\nPublic: OPTIONS, DESCRIBE, ANNOUNCE, "
                            + "SETUP, PLAY, RECORD, GET_PARAMETER, SET_PARAMETER, TEARDOWN\r\n\r\n");
            assertThat(script.announce("/live/" + KEY, RtspScript.VIDEO).text())
                    .isEqualTo("RTSP/1.0 200 OK\r\nCSeq: 2\r\nServer: Millrace\r\n\r\n");
            assertThat(script.setUp("/live/" + KEY + "/streamid=0", TCP).text())
                    .matches("RTSP/1.0 200 OK\r\nCSeq: 3\r\nServer: Millrace\r\nTransport: "
                            + "RTP/AVP/TCP;unicast;interleaved=0-1;mode=record\r\n"
                            + "Session: [0-9a-f]{32};timeout=60\r\n\r\n");
            assertThat(script.ask("RECORD", script.uri("/live/" + KEY), "").status())
                    .isEqualTo(200);
            assertThat(script.ask("TEARDOWN", script.uri("/live/" + KEY), "").status())
                    .isEqualTo(200);
            scene.awaitTold("rtsp anna started");
            scene.awaitTold("anna ended UNPUBLISHED");
        }
    }

    @Test
    void aWholeConversationMayComeInAnyPieces() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 5; round++) {
            String name = "cut" + round;
            String path = "/live/" + RtspScene.key(name);
            try (RtspScript script = scene.client()) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.writeBytes(bytes(script.text(
                        "ANNOUNCE",
                        script.uri(path),
                        RtspScript.PREAMBLE + RtspScript.VIDEO + RtspScript.SOUND,
                        "Content-Type: application/sdp")));
                all.writeBytes(bytes(script.text("SETUP", script.uri(path + "/streamid=0"), "", "Transport: " + TCP)));
                all.writeBytes(bytes(script.text(
                        "SETUP",
                        script.uri(path + "/streamid=1"),
                        "",
                        "Transport: RTP/AVP/TCP;unicast;interleaved=2-3")));
                all.writeBytes(bytes(script.text("RECORD", script.uri(path), "")));
                // Media does not wait for the answer.
                for (int i = 0; i < 20; i++) {
                    all.writeBytes(RtspScript.framed(0, script.picture(i == 0, 100L * i)));
                }
                all.writeBytes(RtspScript.framed(2, script.sound(0)));
                byte[] bytes = all.toByteArray();
                int at = 0;
                while (at < bytes.length) {
                    int part = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 600));
                    script.raw(java.util.Arrays.copyOfRange(bytes, at, at + part));
                    at += part;
                }
                for (int i = 0; i < 4; i++) {
                    assertThat(script.hear().status()).isEqualTo(200);
                }
                Wait.until("all pictures came", () -> frames(name) == 20);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theKeyMayBeInTheQuery() throws Exception {
        try (RtspScript script = scene.client()) {
            assertThat(script.announce("/live/anna?key=" + KEY, RtspScript.VIDEO)
                            .status())
                    .isEqualTo(200);
            assertThat(script.setUp("/live/anna?key=" + KEY + "/streamid=0", TCP)
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"anna, KEY", "whoever, KEY", "KEY, ''", "KEY, x"})
    void theKeyMayBeThePasswordOrTheUserName(String user, String password) throws Exception {
        try (RtspScript script = scene.client()) {
            RtspScript.Answer challenged = script.announce("/live/anna", RtspScript.VIDEO);
            assertThat(challenged.status()).isEqualTo(401);
            assertThat(challenged.header("WWW-Authenticate")).contains("Basic realm=\"Millrace\"");
            assertThat(script.announce(
                                    "/live/anna",
                                    RtspScript.VIDEO,
                                    basic(user.replace("KEY", KEY), password.replace("KEY", KEY)))
                            .status())
                    .isEqualTo(200);
            assertThat(scene.told).noneMatch(each -> each.startsWith("refused"));
        }
    }

    @Test
    void theKeyMayBeTheUserNameOfADigestAswell() throws Exception {
        try (RtspScript script = scene.client()) {
            assertThat(script.announce(
                                    "/live/anna",
                                    RtspScript.VIDEO,
                                    "Authorization: Digest username=\"" + KEY
                                            + "\", realm=\"Millrace\", nonce=\"1\", uri=\"x\", response=\"2\"")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aWrongKeyIsRefusedInTheOneText() throws Exception {
        for (String header : new String[] {basic("anna", "mr_nobody_s_key_that_is_long_enough"), basic("", "")}) {
            try (RtspScript script = scene.client()) {
                RtspScript.Answer refused = script.announce("/live/anna", RtspScript.VIDEO, header);
                assertThat(refused.text()).startsWith("RTSP/1.0 403 Not with this key.\r\n");
                script.awaitClose();
            }
        }
        scene.awaitTold("refused UNKNOWN_KEY");
        scene.awaitTold("refused NO_KEY");
    }

    @Test
    void aWrongKeyInThePathIsAskedForALogInAndThenRefused() throws Exception {
        try (RtspScript script = scene.client()) {
            assertThat(script.announce("/live/mr_nobody_s_key_that_is_long_enough", RtspScript.VIDEO)
                            .status())
                    .isEqualTo(401);
            assertThat(script.announce("/live/mr_nobody_s_key_that_is_long_enough", RtspScript.VIDEO)
                            .status())
                    .isEqualTo(403);
            script.awaitClose();
        }
    }

    @Test
    void whereNamesAreFreeThePathIsTakenForTheKeyFirst(@TempDir Path other) throws Exception {
        try (RtspScene free = new RtspScene(other, RtspScene.TIMES, true, StreamNaming.AS_SAID);
                RtspScript script = free.client()) {
            assertThat(script.announce("/live/anna", RtspScript.VIDEO).status()).isEqualTo(401);
            free.awaitTold("refused UNKNOWN_KEY");
            assertThat(script.announce("/live/anna", RtspScript.VIDEO, basic("u", KEY))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void everyRequestOutOfItsStateIs455() throws Exception {
        try (RtspScript script = scene.client()) {
            String uri = script.uri("/live/" + KEY);
            for (String method : new String[] {"SETUP", "RECORD", "PLAY", "TEARDOWN"}) {
                assertThat(script.ask(method, uri, "", "Transport: " + TCP).status())
                        .as(method)
                        .isEqualTo(455);
            }
            script.announce("/live/" + KEY, RtspScript.VIDEO);
            for (String method : new String[] {"ANNOUNCE", "DESCRIBE", "RECORD", "PLAY"}) {
                assertThat(script.ask(method, uri, "").status()).as(method).isEqualTo(455);
            }
            script.setUp("/live/" + KEY, TCP);
            assertThat(script.ask("PLAY", uri, "").status()).isEqualTo(455);
            script.ask("RECORD", uri, "");
            for (String method : new String[] {"ANNOUNCE", "DESCRIBE", "RECORD", "PLAY", "SETUP"}) {
                assertThat(script.ask(method, uri, "", "Transport: " + TCP).status())
                        .as(method)
                        .isEqualTo(455);
            }
        }
    }

    @Test
    void whatIsWrongWithARequestIsSaid() throws Exception {
        try (RtspScript script = scene.client()) {
            assertThat(script.ask("PAUSE", script.uri("/live/a"), "").status()).isEqualTo(501);
            assertThat(script.ask("OPTIONS", "*", "", "Require: www.onvif.org/ver20/backchannel")
                            .status())
                    .isEqualTo(551);
            assertThat(script.ask("OPTIONS", "*", "", "Session: invented").status())
                    .isEqualTo(454);
            assertThat(script.ask("ANNOUNCE", "http://x/", RtspScript.PREAMBLE + RtspScript.VIDEO)
                            .status())
                    .isEqualTo(400);
            assertThat(script.ask("ANNOUNCE", script.uri("/live/" + KEY), "").status())
                    .isEqualTo(400);
            script.raw(bytes("OPTIONS * RTSP/1.0\r\n\r\n"));
            assertThat(script.hear().status()).isEqualTo(400);
            script.announce("/live/" + KEY, RtspScript.VIDEO + RtspScript.SOUND);
            assertThat(script.setUp("/live/" + KEY + "/streamid=5", TCP).status())
                    .isEqualTo(404);
            assertThat(script.setUp("/live/" + KEY + "/streamid=0", "RAW/RAW/UDP;unicast;client_port=1-2")
                            .status())
                    .isEqualTo(461);
            assertThat(script.setUp("/live/" + KEY + "/streamid=0", "RTP/AVP;unicast;client_port=a-b")
                            .status())
                    .isEqualTo(400);
            // Odd, missing, somebody's already: the next pair that is free.
            assertThat(script.setUp("/live/" + KEY + "/streamid=0", "RTP/AVP/TCP;unicast;interleaved=3-4")
                            .header("Transport")
                            .orElseThrow())
                    .contains("interleaved=0-1");
            assertThat(script.setUp("/live/" + KEY + "/streamid=1", "RTP/AVP/TCP;unicast;interleaved=0-1")
                            .header("Transport")
                            .orElseThrow())
                    .contains("interleaved=2-3");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n\r\n", "OPTIONS * RTSP/1.0\r\nCSeq 1\r\n\r\n", "\u0016\u0003\u0001 \r\n\r\n"})
    void whoeverSpeaksSomethingElseIsSentAway(String said) throws Exception {
        try (RtspScript script = scene.client()) {
            script.raw(bytes(said));
            script.awaitClose();
            Wait.until(
                    "counted", () -> scene.rtsp.tallies().connections().of(RtspTallies.Connection.PROTOCOL_ERROR) == 1);
        }
    }

    @Test
    void theSameKeyTakesOverAndAnotherPublisherOfTheChannelIsGone() throws Exception {
        try (RtspScript first = scene.publisher("anna", 12);
                RtspScript second = scene.client()) {
            assertThat(second.publish("/live/" + KEY).status()).isEqualTo(200);
            first.awaitClose();
            scene.awaitTold("anna ended TAKEN_OVER");
            second.pictures(0, 12);
            Wait.until(
                    "the second is on air",
                    () -> scene.engine.control().stream("anna")
                            .filter(stream -> stream.publisher().isPresent())
                            .isPresent());
        }
    }

    @Test
    void aStreamThatIsEndedLosesItsPublisher() throws Exception {
        try (RtspScript script = scene.publisher("anna", 12)) {
            scene.engine.control().end(StreamPath.of("live", "anna").orElseThrow());
            script.awaitClose();
            scene.awaitTold("anna ended KICKED");
        }
    }

    @Test
    void twoPublishersDoNotMix() throws Exception {
        try (RtspScript anna = scene.publisher("anna", 15);
                RtspScript bert = scene.publisher("bert", 25)) {
            Wait.until("each has its own", () -> frames("anna") == 15 && frames("bert") == 25);
            anna.pictures(15, 20);
            Wait.until("anna goes on", () -> frames("anna") == 20);
            assertThat(frames("bert")).isEqualTo(25);
            assertThat(bert.socket().isConnected()).isTrue();
        }
    }

    @Test
    void oneTrackOfACodecThatIsNotCarriedCostsItselfAlone() throws Exception {
        String jpeg = "m=video 0 RTP/AVP 26\r\na=control:streamid=9\r\n";
        try (RtspScript script = scene.client()) {
            script.announce("/live/" + KEY, jpeg + RtspScript.VIDEO + RtspScript.SOUND);
            assertThat(script.setUp("/live/" + KEY + "/streamid=9", "RTP/AVP/TCP;unicast;interleaved=4-5")
                            .status())
                    .isEqualTo(200);
            script.setUp("/live/" + KEY + "/streamid=0", TCP);
            script.setUp("/live/" + KEY + "/streamid=1", "RTP/AVP/TCP;unicast;interleaved=2-3");
            script.ask("RECORD", script.uri("/live/" + KEY), "");
            script.send(4, script.rtp(26, true, 0, new byte[20]));
            script.pictures(0, 12);
            scene.awaitTracks("anna");
        }
        try (RtspScript script = scene.client()) {
            RtspScript.Answer answer = script.announce("/live/" + RtspScene.key("bert"), jpeg);
            assertThat(answer.text()).startsWith("RTSP/1.0 415 Not supported: video codec JPEG.\r\n");
            scene.awaitTold("bert ended UNSUPPORTED_MEDIA");
        }
    }

    @Test
    void reportsBeforeTheFirstPacketAreNoMedia() throws Exception {
        try (RtspScript script = scene.client()) {
            script.publish("/live/" + KEY);
            // FFmpeg's first on each pair: a sender report, and on the channel of media just as well
            byte[] report = HexFormat.of().parseHex("80c8000600001234e0000000000000000000000000000000" + "00000000");
            script.send(1, report);
            script.send(0, report);
            script.pictures(0, 12);
            Wait.until("all pictures came", () -> frames("anna") == 12);
            // What we say of what came: RFC 3550 §6.4.2
            RtspScript.Frame said = script.nextFrame(1);
            assertThat(said.packet()[1] & 0xFF).isEqualTo(201);
            assertThat(HexFormat.of().formatHex(said.packet(), 8, 12)).isEqualTo("00001234");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sprop-parameter-sets=;", "sprop-parameter-sets=,;", "sprop-parameter-sets=!!,??;"})
    void parameterSetsMayComeInBandAlone(String sprop) throws Exception {
        String media = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 " + sprop
                + "packetization-mode=1\r\na=control:streamid=0\r\n" + RtspScript.SOUND;
        try (RtspScript script = scene.client()) {
            assertThat(script.announce("/live/" + KEY, media).status()).isEqualTo(200);
            script.setUp("/live/" + KEY + "/streamid=0", TCP);
            script.setUp("/live/" + KEY + "/streamid=1", "RTP/AVP/TCP;unicast;interleaved=2-3");
            script.ask("RECORD", script.uri("/live/" + KEY), "");
            script.send(0, script.rtp(96, false, 0, HexFormat.of().parseHex(SampleMedia.SPS)));
            script.send(0, script.rtp(96, false, 0, HexFormat.of().parseHex(SampleMedia.PPS)));
            script.pictures(0, 12);
            Wait.until("all pictures came", () -> frames("anna") == 12);
        }
    }

    @Test
    void whoSendsNoTrackIsSentAway(@TempDir Path other) throws Exception {
        RtspTimes hasty = new RtspTimes(
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofSeconds(5));
        try (RtspScene quick = new RtspScene(other, hasty, true, StreamNaming.CHANNELS)) {
            try (RtspScript script = quick.client()) {
                script.publish("/live/" + KEY);
                script.awaitClose();
                quick.awaitTold("anna ended NO_MEDIA");
            }
            try (RtspScript silent = quick.client()) {
                silent.awaitClose();
            }
            try (RtspScript dripping = quick.client()) {
                assertThat(dripping.ask("OPTIONS", "*", "").status()).isEqualTo(200);
                dripping.raw(bytes("OPTIONS"));
                dripping.awaitClose();
            }
            Wait.until(
                    "both are counted",
                    () -> quick.rtsp.tallies().connections().of(RtspTallies.Connection.TIMED_OUT) == 2);
        }
    }

    @Test
    void aServerThatGoesDownSendsItsPublishersAway() throws Exception {
        try (RtspScript script = scene.publisher("anna", 25)) {
            Wait.until("all pictures came", () -> frames("anna") == 25);
            scene.engine.releasePublishers(Duration.ofSeconds(5));
            script.awaitClose();
            scene.awaitTold("anna ended SHUTDOWN");
        }
    }

    @Test
    void packetsByUdpCountFromTheirSenderAlone() throws Exception {
        try (RtspScript script = scene.client();
                DatagramSocket media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket reports = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            script.announce("/live/" + KEY, RtspScript.VIDEO + RtspScript.SOUND);
            script.setUp("/live/" + KEY + "/streamid=1", "RTP/AVP/TCP;unicast;interleaved=2-3");
            String transport = script.setUp(
                            "/live/" + KEY + "/streamid=0",
                            "RTP/AVP/UDP;unicast;client_port=" + media.getLocalPort() + "-" + reports.getLocalPort()
                                    + ";mode=record")
                    .header("Transport")
                    .orElseThrow();
            int to = Integer.parseInt(transport.replaceFirst(".*server_port=(\\d+)-.*", "$1"));
            assertThat(to % 2).isZero();
            assertThat(transport).contains("server_port=" + to + "-" + (to + 1));
            script.ask("RECORD", script.uri("/live/" + KEY), "");
            script.send(2, script.sound(0)); // one track this way, one the other
            // As if it were the next of the publisher's own.
            send(stranger, to, new byte[] {(byte) 0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 0x65});
            Wait.until("dropped", () -> scene.rtsp.tallies().packets().of(RtspTallies.Packet.FOREIGN) == 1);
            for (int i = 0; i < 20; i++) {
                byte[] first = script.picture(i == 0, 200L * i);
                byte[] second = script.picture(false, 200L * i + 100);
                // Two change places on the way.
                send(media, to, i == 0 ? first : second);
                send(media, to, i == 0 ? second : first);
            }
            send(media, to, new byte[] {1});
            Wait.until("all pictures came", () -> frames("anna") == 40);
            byte[] heard = new byte[200];
            DatagramPacket report = new DatagramPacket(heard, heard.length);
            reports.setSoTimeout(20_000);
            reports.receive(report);
            assertThat(report.getPort()).isEqualTo(to + 1);
            assertThat(heard[1] & 0xFF).isEqualTo(201);
            // Another who names the same ports does not get what comes from them.
            try (RtspScript thief = scene.client()) {
                thief.announce("/live/" + RtspScene.key("bert"), RtspScript.VIDEO);
                assertThat(thief.setUp(
                                        "/live/" + RtspScene.key("bert"),
                                        "RTP/AVP/UDP;unicast;client_port=" + media.getLocalPort() + "-"
                                                + reports.getLocalPort() + ";mode=record")
                                .status())
                        .isEqualTo(461);
            }
            script.socket().close(); // with the connection, although packets could still come
            scene.awaitTold("anna ended CONNECTION_LOST");
        }
    }

    /** A way that is agreed upon anew takes what waited on the one before with it. */
    @Test
    void aTrackMayBeSetUpAnewWhilePacketsWait() throws Exception {
        try (RtspScript script = scene.client();
                DatagramSocket media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket reports = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            script.announce("/live/" + KEY, RtspScript.VIDEO + RtspScript.SOUND);
            script.setUp("/live/" + KEY + "/streamid=1", "RTP/AVP/TCP;unicast;interleaved=2-3;mode=record");
            String track = "/live/" + KEY + "/streamid=0";
            String transport = "RTP/AVP/UDP;unicast;client_port=" + media.getLocalPort() + "-" + reports.getLocalPort();
            int to = Integer.parseInt(script.setUp(track, transport + ";mode=record")
                    .header("Transport")
                    .orElseThrow()
                    .replaceFirst(".*server_port=(\\d+)-.*", "$1"));
            send(media, to, script.picture(true, 0));
            script.picture(false, 100); // is lost, and the next waits for it
            send(media, to, script.picture(false, 200));
            Wait.until("both came", () -> scene.rtsp.tallies().received().sum() >= 2 * 52);
            assertThat(script.setUp(track, "RAW/RAW/UDP;unicast;client_port=1-2")
                            .status())
                    .isEqualTo(461);
            script.setUp(track, "RTP/AVP/TCP;unicast;interleaved=0-1;mode=record");
            script.ask("RECORD", script.uri("/live/" + KEY), "");
            script.pictures(0, 20);
            Wait.until("pictures came", () -> frames("anna") >= 20);
        }
    }

    /** Two in a hundred do not come, some come late: what is damaged is left out up to the next key frame, and all else is there. */
    @Test
    void lossOnTheWayCostsAsMuchAsItMust() throws Exception {
        try (RtspScript script = scene.client();
                DatagramSocket media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket reports = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            script.announce("/live/" + KEY, RtspScript.VIDEO + RtspScript.SOUND);
            script.setUp("/live/" + KEY + "/streamid=0", "RTP/AVP/TCP;unicast;interleaved=0-1");
            String transport = script.setUp(
                            "/live/" + KEY + "/streamid=1",
                            "RTP/AVP;unicast;client_port=" + media.getLocalPort() + "-" + reports.getLocalPort())
                    .header("Transport")
                    .orElseThrow();
            int to = Integer.parseInt(transport.replaceFirst(".*server_port=(\\d+)-.*", "$1"));
            script.ask("RECORD", script.uri("/live/" + KEY), "");
            script.send(0, script.picture(true, 0));
            // Sound that is there before the picture, on another way, is kept for nobody.
            Wait.until(
                    "the picture has come",
                    () -> scene.rtsp.tallies().received().sum() > 0);
            Random chance = new Random(11);
            int lost = 0;
            byte[] late = null;
            for (int i = 0; i < 200; i++) {
                byte[] sound = script.sound(100L * i);
                if (i > 0 && i < 198 && chance.nextInt(50) == 0) {
                    lost++;
                } else if (i > 0 && i < 198 && late == null && chance.nextInt(20) == 0) {
                    late = sound;
                } else {
                    send(media, to, sound);
                    if (late != null) {
                        send(media, to, late);
                        late = null;
                    }
                }
            }
            int wanted = 200 - lost;
            assertThat(lost).isPositive();
            Wait.until(
                    "what came is there",
                    () -> scene.kept("anna").stream()
                                    .filter(line -> line.startsWith("a"))
                                    .count()
                            == wanted);
            assertThat(scene.rtsp.tallies().packets().of(RtspTallies.Packet.LOST))
                    .isEqualTo(lost);
            int told = lost;
            Wait.until(
                    "the stream says so",
                    () -> scene.engine.control().stream("anna")
                            .flatMap(status -> status.statistics().link())
                            .filter(link -> link.dropped() == told && link.lostPercent() > 0)
                            .isPresent());
            assertThat(scene.engine.control().stream("anna")
                            .orElseThrow()
                            .statistics()
                            .repairs()
                            .getOrDefault(Repair.PACKETS_LOST, 0L))
                    .as("gaps, which may be of several packets")
                    .isBetween(1L, (long) lost);
        }
    }

    private static void send(DatagramSocket from, int port, byte[] packet) throws IOException {
        from.send(new DatagramPacket(packet, packet.length, InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void whereUdpIsOffItIs461(@TempDir Path other) throws Exception {
        try (RtspScene without = new RtspScene(other, RtspScene.TIMES, false, StreamNaming.CHANNELS);
                RtspScript script = without.client()) {
            script.announce("/live/" + KEY, RtspScript.VIDEO);
            assertThat(script.setUp("/live/" + KEY, "RTP/AVP;unicast;client_port=5000-5001;mode=record")
                            .status())
                    .isEqualTo(461);
            assertThat(script.setUp("/live/" + KEY, TCP).status()).isEqualTo(200);
        }
    }
}
