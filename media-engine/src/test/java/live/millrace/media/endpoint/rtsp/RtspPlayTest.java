// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.testing.RtspScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Players of RTSP, request by request. */
class RtspPlayTest {
    private static final int SENDER_REPORT = 200;
    private static final int GOODBYE = 203;
    private static final String TCP = "RTP/AVP/TCP;unicast;interleaved=";

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

    /** Pictures and sound, beside each other from 0 on, some seconds of them. */
    private RtspScript both(String name, int pictures) throws Exception {
        RtspScript script = scene.client();
        String path = "/live/" + RtspScene.key(name);
        script.announce(path, RtspScript.VIDEO + RtspScript.SOUND);
        script.setUp(path + "/streamid=0", TCP + "0-1;mode=record");
        script.setUp(path + "/streamid=1", TCP + "2-3;mode=record");
        script.ask("RECORD", script.uri(path), "");
        // The same instant on both clocks (RFC 3550 §6.4.1): what arrived when does not count.
        script.send(1, report(0));
        script.send(3, report(0));
        more(script, 0, pictures);
        scene.awaitTracks(name);
        return script;
    }

    private static byte[] report(int stamp) {
        return HexFormat.of().parseHex("80c8000600001234e000000000000000%08x0000000000000000".formatted(stamp));
    }

    private static void more(RtspScript script, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            script.send(0, script.picture(i == 0, 100L * i));
            script.send(2, script.sound(100L * i));
        }
    }

    private static int type(RtspScript.Frame frame) {
        return frame.packet()[1] & 0xFF;
    }

    private static long stamp(byte[] packet, int at) {
        return ByteBuffer.wrap(packet).getInt(at) & 0xFFFF_FFFFL;
    }

    @Test
    void playsFromTheLastKeyFrameOnWithTheReportsFirst() throws Exception {
        try (RtspScript publisher = both("anna", 15);
                RtspScript player = scene.client()) {
            String uri = player.uri("/live/anna");
            RtspScript.Answer described = player.ask("DESCRIBE", uri, "", "Accept: application/sdp");
            assertThat(described.status()).isEqualTo(200);
            assertThat(described.header("Content-Base")).contains(uri + "/");
            assertThat(described.body().replace("\r", "")).matches("""
                    v=0
                    o=- \\d+ 1 IN IP4 127.0.0.1
                    s=anna
                    c=IN IP4 0.0.0.0
                    t=0 0
                    a=control:\\*
                    m=video 0 RTP/AVP 96
                    a=rtpmap:96 H264/90000
                    a=fmtp:96 packetization-mode=1;profile-level-id=42C01E;sprop-parameter-sets=\\S+
                    a=control:trackID=0
                    m=audio 0 RTP/AVP 8
                    a=rtpmap:8 PCMA/8000
                    a=control:trackID=1
                    """);
            player.setUp("/live/anna/trackID=0", TCP + "0-1");
            assertThat(player.setUp("/live/anna/trackID=1", TCP + "2-3").header("Transport"))
                    .contains(TCP + "2-3");
            RtspScript.Answer playing = player.ask("PLAY", uri, "", "Range: npt=0.000-");
            assertThat(playing.status()).isEqualTo(200);
            RtspScript.Frame pictureReport = player.nextFrame();
            RtspScript.Frame soundReport = player.nextFrame();
            assertThat(pictureReport.channel()).isEqualTo(1);
            assertThat(type(pictureReport)).isEqualTo(SENDER_REPORT);
            assertThat(soundReport.channel()).isEqualTo(3);
            assertThat(HexFormat.of().formatHex(soundReport.packet(), 8, 16))
                    .as("one instant on both")
                    .isEqualTo(HexFormat.of().formatHex(pictureReport.packet(), 8, 16));
            // Each key frame has its parameter sets in front.
            RtspScript.Frame sps = player.nextFrame(0);
            assertThat(HexFormat.of().formatHex(sps.packet(), 12, sps.packet().length))
                    .isEqualTo(SampleMedia.SPS);
            assertThat(player.nextFrame(0).packet()[12]).isEqualTo((byte) 0x68);
            assertThat(player.nextFrame(0).packet()[12]).isEqualTo((byte) 0x65);
            assertThat(playing.header("RTP-Info"))
                    .contains("url=" + uri + "/trackID=0;seq=" + sps.sequence() + ";rtptime="
                            + stamp(pictureReport.packet(), 16) + ",url=" + uri + "/trackID=1;seq="
                            + player.nextFrame(2).sequence() + ";rtptime=" + stamp(soundReport.packet(), 16));
            Wait.until("the viewer counts", () -> scene.engine.playSessions().size() == 1);
            assertThat(player.ask("GET_PARAMETER", uri, "").status()).isEqualTo(200);
            player.ask("TEARDOWN", uri, "");
            player.awaitClose();
            Wait.until("it has left", () -> scene.engine.playSessions().isEmpty());
            assertThat(publisher.socket().isConnected()).isTrue();
        }
    }

    /** Sound and pictures that were made in the same instant say the same instant, to 20 ms. */
    @Test
    void soundAndPicturesAreInStep() throws Exception {
        try (RtspScript publisher = both("anna", 15);
                RtspScript player = scene.client()) {
            String uri = player.uri("/live/anna");
            player.ask("DESCRIBE", uri, "");
            player.setUp("/live/anna/trackID=0", TCP + "0-1");
            player.setUp("/live/anna/trackID=1", TCP + "2-3");
            player.ask("PLAY", uri, "");
            long pictureZero = stamp(player.nextFrame(1).packet(), 16);
            more(publisher, 15, 16);
            long soundZero = -1;
            long lastPicture = 0;
            long lastSound = 0;
            // The frames of the sixteenth turn have 1500 ms on both clocks.
            int pictures = 0;
            int sounds = 0;
            while (pictures < 18 || sounds < 16) { // two of them parameter sets
                RtspScript.Frame frame = player.nextFrame();
                switch (frame.channel()) {
                    case 0 -> {
                        pictures++;
                        lastPicture = stamp(frame.packet(), 4);
                    }
                    case 2 -> {
                        sounds++;
                        lastSound = stamp(frame.packet(), 4);
                    }
                    case 3 -> soundZero = soundZero < 0 ? stamp(frame.packet(), 16) : soundZero;
                    default -> assertThat(frame.channel()).isEqualTo(1);
                }
            }
            long pictureMillis = (int) (lastPicture - pictureZero) / 90;
            long soundMillis = (int) (lastSound - soundZero) / 8;
            assertThat(pictureMillis - soundMillis).isBetween(-20L, 20L);
        }
    }

    @Test
    void oneTrackAloneOnOtherChannelsIsSentThere() throws Exception {
        try (RtspScript _ = both("anna", 15);
                RtspScript player = scene.client()) {
            player.ask("DESCRIBE", player.uri("/live/anna"), "");
            assertThat(player.setUp("/live/anna/trackID=1", TCP + "6-7").header("Transport"))
                    .contains(TCP + "6-7");
            assertThat(player.ask("PLAY", player.uri("/live/anna"), "")
                            .header("RTP-Info")
                            .orElseThrow())
                    .contains("trackID=1")
                    .doesNotContain("trackID=0");
            assertThat(player.nextFrame().channel()).isEqualTo(7);
            for (int i = 0; i < 10; i++) {
                assertThat(player.nextFrame().channel()).isEqualTo(6);
            }
        }
    }

    @Test
    void byUdpItGoesToTheHostOfTheConnectionAlone() throws Exception {
        try (RtspScript _ = both("anna", 15);
                RtspScript player = scene.client();
                DatagramSocket media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket reports = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String ports = media.getLocalPort() + "-" + reports.getLocalPort();
            player.ask("DESCRIBE", player.uri("/live/anna"), "");
            String transport = player.setUp(
                            "/live/anna/trackID=0",
                            "RTP/AVP;multicast;port=5000-5001,RTP/AVP;unicast;destination=192.0.2.7;client_port="
                                    + ports)
                    .header("Transport")
                    .orElseThrow();
            assertThat(transport).startsWith("RTP/AVP;unicast;client_port=" + ports + ";server_port=");
            int from = Integer.parseInt(transport.replaceFirst(".*server_port=(\\d+)-.*", "$1"));
            media.setSoTimeout(20_000);
            reports.setSoTimeout(20_000);
            byte[] bytes = new byte[2_000];
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            player.ask("PLAY", player.uri("/live/anna"), "");
            reports.receive(packet);
            assertThat(bytes[1] & 0xFF).isEqualTo(SENDER_REPORT);
            assertThat(packet.getPort()).isEqualTo(from + 1);
            for (int i = 0; i < 17; i++) {
                media.receive(packet);
                assertThat(packet.getPort()).isEqualTo(from);
                assertThat(bytes[1] & 0x7F).isEqualTo(96);
            }
        }
    }

    /** mediamtx #449: a session lives as long as was said, and so long after each sign of life. */
    @Test
    void overUdpWhoSaysNothingIsGoneAndWhoReportsStays(@TempDir Path other) throws Exception {
        RtspTimes quick = new RtspTimes(
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5));
        try (RtspScene hasty = new RtspScene(other, quick, true, StreamNaming.CHANNELS);
                RtspScript _ = hasty.publisher("anna", 15);
                RtspScript player = hasty.client();
                DatagramSocket media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket reports = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            player.ask("DESCRIBE", player.uri("/live/anna"), "");
            RtspScript.Answer setUp = player.setUp(
                    "/live/anna/trackID=0",
                    "RTP/AVP;unicast;client_port=" + media.getLocalPort() + "-" + reports.getLocalPort());
            assertThat(setUp.header("Session").orElseThrow()).endsWith(";timeout=1");
            int to = Integer.parseInt(
                    setUp.header("Transport").orElseThrow().replaceFirst(".*server_port=\\d+-(\\d+).*", "$1"));
            player.ask("PLAY", player.uri("/live/anna"), "");
            long began = System.nanoTime();
            byte[] report = HexFormat.of().parseHex("80c9000100001234");
            Wait.until("it lives by its reports", () -> {
                reports.send(new DatagramPacket(report, report.length, InetAddress.getLoopbackAddress(), to));
                return System.nanoTime() - began > Duration.ofSeconds(2).toNanos();
            });
            assertThat(hasty.engine.playSessions()).hasSize(1);
            player.awaitClose();
            assertThat(System.nanoTime() - began)
                    .isGreaterThan(Duration.ofSeconds(3).toNanos());
            Wait.until("it has left", () -> hasty.engine.playSessions().isEmpty());
        }
    }

    @Test
    void theEndIsSaidAndTheConnectionCloses() throws Exception {
        try (RtspScript _ = both("anna", 15);
                RtspScript player = scene.client()) {
            player.ask("DESCRIBE", player.uri("/live/anna"), "");
            player.setUp("/live/anna/trackID=0", TCP + "0-1");
            player.setUp("/live/anna/trackID=1", TCP + "2-3");
            player.ask("PLAY", player.uri("/live/anna"), "");
            scene.engine.control().end(StreamPath.of("live", "anna").orElseThrow());
            RtspScript.Frame frame = player.nextFrame(1);
            while (!HexFormat.of().formatHex(frame.packet()).contains("81" + Integer.toHexString(GOODBYE) + "0001")) {
                frame = player.nextFrame(1);
            }
            player.awaitClose();
        }
    }

    private static void say(RtspScript client, String path) throws Exception {
        client.raw(client.text("DESCRIBE", client.uri(path), "").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void withoutATicketAPrivateStreamIsOneThatIsNotThere() throws Exception {
        PlayTicket ticket = PlayTicket.fresh();
        scene.tickets.add(ticket.secret());
        try (RtspScript _ = scene.publisher("private", 15);
                RtspScript stranger = scene.client();
                RtspScript wrong = scene.client();
                RtspScript nothing = scene.client();
                RtspScript right = scene.client()) {
            RtspScript.Answer described = right.ask("DESCRIBE", right.uri("/live/private?t=" + ticket.secret()), "");
            assertThat(described.status()).isEqualTo(200);
            // FFmpeg puts the track behind the query.
            assertThat(right.setUp("/live/private?t=" + ticket.secret() + "/trackID=0", TCP + "0-1")
                            .status())
                    .isEqualTo(200);
            assertThat(right.ask("PLAY", right.uri("/live/private?t=" + ticket.secret() + "/"), "")
                            .status())
                    .isEqualTo(200);
            // All at once: each of them waits as long as for a stream that may still come.
            say(stranger, "/live/private");
            say(wrong, "/live/private?t=" + PlayTicket.fresh().secret());
            say(nothing, "/live/nobody");
            String refused = stranger.hear().text();
            assertThat(refused).startsWith("RTSP/1.0 404 This stream is not live.\r\n");
            assertThat(wrong.hear().text()).isEqualTo(refused);
            assertThat(nothing.hear().text()).isEqualTo(refused);
            scene.tickets.clear();
            scene.engine.revokePlays(attempt -> attempt.ticket().isPresent());
            right.awaitClose();
            Wait.until("it has left", () -> scene.engine.playSessions().isEmpty());
        }
    }

    /** A request that cannot be understood leaves no question open: the connection would read nothing any more, not even its end. */
    @Test
    void anAddressThatIsNoneIsRefusedAndTheConnectionGoesOn() throws Exception {
        try (RtspScript player = scene.client()) {
            assertThat(player.ask("DESCRIBE", "*", "").status()).isEqualTo(400);
            assertThat(player.ask("OPTIONS", "*", "").status()).isEqualTo(200);
        }
        Wait.until("it has left", () -> scene.rtsp.connections() == 0);
    }

    /** A key frame is more than a socket's usual buffer: what waits for the kernel is not lost. */
    @Test
    void aLargeKeyFrameByUdpIsWhole() throws Exception {
        try (RtspScript publisher = both("anna", 15);
                RtspScript player = scene.client();
                DatagramSocket media = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket reports = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            media.setReceiveBufferSize(1 << 20);
            media.setSoTimeout(20_000);
            int size = largeKeyFrame(publisher, 1_500);
            more(publisher, 16, 17);
            Wait.until(
                    "the large one is there",
                    () -> scene.kept("anna").stream().anyMatch(line -> line.endsWith(" " + (size + 4))));
            player.ask("DESCRIBE", player.uri("/live/anna"), "");
            player.setUp(
                    "/live/anna/trackID=0",
                    "RTP/AVP;unicast;client_port=" + media.getLocalPort() + "-" + reports.getLocalPort());
            player.ask("PLAY", player.uri("/live/anna"), "");
            byte[] bytes = new byte[2_000];
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            int taken = 1; // the head of its NAL unit
            boolean last = false;
            while (!last) {
                media.receive(packet);
                if ((bytes[12] & 31) == 28) { // FU-A (RFC 6184 §5.8)
                    taken += packet.getLength() - 14;
                    last = (bytes[13] & 0x40) != 0;
                }
            }
            assertThat(taken).isEqualTo(size);
        }
    }

    /** In pieces of 1,300 bytes; answers the size of its NAL unit. */
    private static int largeKeyFrame(RtspScript publisher, long millis) throws Exception {
        int pieces = 120;
        for (int i = 0; i < pieces; i++) {
            byte[] piece = new byte[1_302];
            piece[0] = 0x7C;
            piece[1] = (byte) (5 | (i == 0 ? 0x80 : 0) | (i == pieces - 1 ? 0x40 : 0));
            piece[2] = (byte) 0x88;
            publisher.send(0, publisher.rtp(96, i == pieces - 1, millis * 90, piece));
        }
        return pieces * 1_300 + 1;
    }

    /** What was described is not there any more: the player hears so, and comes back for what is. */
    @Test
    void whoAskedForOtherTracksIsAnsweredAndSentAway() throws Exception {
        try (RtspScript player = scene.client();
                RtspScript watching = scene.client();
                RtspScript next = scene.client()) {
            try (RtspScript _ = both("anna", 15)) {
                for (RtspScript each : new RtspScript[] {player, watching}) {
                    each.ask("DESCRIBE", each.uri("/live/anna"), "");
                    each.setUp("/live/anna/trackID=0", TCP + "0-1");
                }
                assertThat(watching.ask("PLAY", watching.uri("/live/anna"), "").status())
                        .isEqualTo(200);
            }
            scene.awaitTold("anna ended CONNECTION_LOST");
            String path = "/live/" + RtspScene.key("anna");
            next.announce(path, RtspScript.VIDEO + RtspScript.SOUND.replace("AVP 8", "AVP 0"));
            next.setUp(path + "/streamid=0", TCP + "0-1;mode=record");
            next.setUp(path + "/streamid=1", TCP + "2-3;mode=record");
            next.ask("RECORD", next.uri(path), "");
            for (int i = 0; i < 15; i++) {
                next.send(0, next.picture(i == 0, 100L * i));
                next.send(2, next.rtp(0, false, 800L * i, new byte[800])); // of the other law
            }
            watching.awaitClose();
            assertThat(player.ask("PLAY", player.uri("/live/anna"), "").status())
                    .isEqualTo(200);
            player.awaitClose();
        }
    }

    /** A stream that waits for its publisher has nothing to begin with. */
    @Test
    void playIsAnsweredThoughNothingComes() throws Exception {
        try (RtspScript player = scene.client()) {
            try (RtspScript _ = both("anna", 15)) {
                player.ask("DESCRIBE", player.uri("/live/anna"), "");
                player.setUp("/live/anna/trackID=0", TCP + "0-1");
            }
            scene.awaitTold("anna ended CONNECTION_LOST");
            assertThat(player.ask("PLAY", player.uri("/live/anna"), "").status())
                    .isEqualTo(200);
        }
    }
}
