// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.LinkQuality;
import live.millrace.media.interop.Ffmpeg8;
import live.millrace.media.protocol.srt.SrtRekeying;
import live.millrace.media.testing.ImpairedLink;
import live.millrace.media.testing.Impairment;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs publish and play. */
class SrtPeersTest {
    private static final String FFMPEG = "/usr/bin/ffmpeg";
    private static final String TRANSMIT = "/usr/bin/srt-live-transmit";
    private static final String GSTREAMER = "/usr/bin/gst-launch-1.0";
    private static final Duration LATENCY = Duration.ofMillis(400);
    private static final Duration ROOMY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "three quiet herons";

    /** FFmpeg 5 takes its passphrase as it stands in the URL. */
    private static final String PLAIN_SECRET = "0123456789abc";

    private static final int PACKET = 188;

    /** What libsrt says of codes of servers, 1400 and above, which are 1000 more on the wire. */
    private static final String DEFINED = "Application-defined rejection reason";

    @TempDir
    Path folder;

    private static String publish(int port, String name) {
        return "srt://127.0.0.1:" + port + "?streamid=%23!::r=live/" + name + ",m=publish&pkt_size=1316&latency=400000";
    }

    private static String play(int port, String name) {
        return "srt://127.0.0.1:" + port + "?streamid=#!::r=live/" + name + "&latency=400";
    }

    @Test
    void ffmpegPublishesAndSrtLiveTransmitPlays() throws Exception {
        assumeTrue(SrtScene.has(FFMPEG) && SrtScene.has(TRANSMIT), "FFmpeg and srt-live-transmit");
        try (SrtScene scene = new SrtScene(folder, Optional.empty(), LATENCY)) {
            scene.ffmpeg(SrtScene.media("20"), publish(scene.port(), "anna"));
            frames(scene, "anna", 50);
            Path file = folder.resolve("out.ts");
            scene.transmit(play(scene.port(), "anna"), file);
            Wait.until("media comes", PATIENCE, () -> Files.exists(file) && Files.size(file) > 300_000);
            assertThat(continuous(Files.readAllBytes(file))).isEmpty();
            StreamStatus status = scene.engine().control().stream("anna").orElseThrow();
            assertThat(status.video().orElseThrow().width()).isEqualTo(320);
            assertThat(status.audio()).isPresent();
            assertThat(status.publisher().orElseThrow().protocol()).isEqualTo("srt");
            assertThat(status.publisher().orElseThrow().encoder()).isEqualTo("FFmpeg");
            LinkQuality link = status.statistics().link().orElseThrow();
            assertThat(link.roundTripMillis().orElseThrow()).isPositive();
            assertThat(link.lostPercent()).isBetween(0.0, 100.0);
            assertThat(link.dropped()).isZero();
        }
    }

    @Test
    void ffmpeg8PublishesAndPlays() throws Exception {
        Optional<Path> programs = Ffmpeg8.folder();
        assumeTrue(programs.isPresent() && SrtScene.has(FFMPEG), "FFmpeg 8");
        try (SrtScene scene = new SrtScene(folder, Optional.of(SECRET), LATENCY)) {
            List<String> command =
                    new ArrayList<>(List.of(programs.get().resolve("ffmpeg").toString()));
            command.addAll(SrtScene.media("20"));
            command.add(publish(scene.port(), "anna") + "&pbkeylen=32&passphrase=" + SECRET.replace(" ", "%20"));
            scene.run(Map.of("LD_LIBRARY_PATH", programs.get().toString()), command);
            frames(scene, "anna", 50);
            Path file = folder.resolve("out.ts");
            scene.run(
                            Map.of("LD_LIBRARY_PATH", programs.get().toString()),
                            List.of(
                                    programs.get().resolve("ffmpeg").toString(),
                                    "-i",
                                    "srt://127.0.0.1:" + scene.port() + "?streamid=%23!::r=live/anna&passphrase="
                                            + SECRET.replace(" ", "%20"),
                                    "-t",
                                    "2",
                                    "-c",
                                    "copy",
                                    "-y",
                                    file.toString()))
                    .ends();
            assertThat(Files.size(file)).isGreaterThan(100_000);
        }
    }

    @Test
    void gstreamerPublishesAndPlays() throws Exception {
        assumeTrue(SrtScene.has(GSTREAMER), "GStreamer");
        try (SrtScene scene = new SrtScene(folder, Optional.empty(), LATENCY)) {
            scene.run(
                    GSTREAMER,
                    "videotestsrc",
                    "is-live=1",
                    "!",
                    "video/x-raw,width=320,height=180",
                    "!",
                    "x264enc",
                    "tune=zerolatency",
                    "speed-preset=ultrafast",
                    "key-int-max=30",
                    "!",
                    "h264parse",
                    "!",
                    "mpegtsmux",
                    "alignment=7",
                    "!",
                    "srtsink",
                    "uri=srt://127.0.0.1:" + scene.port(),
                    "mode=caller",
                    "streamid=publish:live/anna",
                    "wait-for-connection=false");
            frames(scene, "anna", 50);
            Path file = folder.resolve("out.ts");
            scene.run(
                    GSTREAMER,
                    "srtsrc",
                    "uri=srt://127.0.0.1:" + scene.port(),
                    "mode=caller",
                    "streamid=read:live/anna",
                    "!",
                    "filesink",
                    "buffer-mode=2",
                    "location=" + file);
            Wait.until("media comes", PATIENCE, () -> Files.exists(file) && Files.size(file) > 100_000);
            assertThat(continuous(Files.readAllBytes(file))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void keysOfEachLengthAreTaken(int length) throws Exception {
        assumeTrue(SrtScene.has(FFMPEG), "FFmpeg");
        try (SrtScene scene = new SrtScene(folder, Optional.of("0123456789abc"), LATENCY)) {
            scene.ffmpeg(
                    SrtScene.media("20"),
                    publish(scene.port(), "anna") + "&passphrase=0123456789abc&pbkeylen=" + length);
            frames(scene, "anna", 30);
            assertThat(packets(scene, SrtTallies.Packet.UNDECRYPTED)).isZero();
        }
    }

    /** FFmpeg changes its keys every 200 packets, which is twice a second. */
    @Test
    void keysThatAPublisherChangesAreTaken() throws Exception {
        assumeTrue(SrtScene.has(FFMPEG), "FFmpeg");
        try (SrtScene scene = new SrtScene(folder, Optional.of(PLAIN_SECRET), LATENCY)) {
            scene.ffmpeg(
                    SrtScene.media("60"),
                    publish(scene.port(), "anna") + "&kmrefreshrate=200&kmpreannounce=90&passphrase=" + PLAIN_SECRET);
            frames(scene, "anna", 600);
            assertThat(packets(scene, SrtTallies.Packet.RECEIVED)).isGreaterThan(450);
            assertThat(packets(scene, SrtTallies.Packet.UNDECRYPTED)).isZero();
            assertThat(scene.engine().control().stream("anna")
                            .orElseThrow()
                            .statistics()
                            .repairs())
                    .isEmpty();
        }
    }

    @Test
    void keysThatAreChangedForAPlayerAreTaken() throws Exception {
        assumeTrue(SrtScene.has(FFMPEG) && SrtScene.has(TRANSMIT), "FFmpeg and srt-live-transmit");
        try (SrtScene scene = new SrtScene(folder, Optional.of(PLAIN_SECRET), LATENCY, new SrtRekeying(200, 90))) {
            scene.ffmpeg(SrtScene.media("60"), publish(scene.port(), "anna") + "&passphrase=" + PLAIN_SECRET);
            frames(scene, "anna", 30);
            Path file = folder.resolve("out.ts");
            scene.transmit(play(scene.port(), "anna") + "&passphrase=" + PLAIN_SECRET, file);
            Wait.until("media comes", PATIENCE, () -> Files.exists(file) && Files.size(file) > 1_500_000);
            assertThat(packets(scene, SrtTallies.Packet.SENT)).isGreaterThan(1_000);
            assertThat(continuous(Files.readAllBytes(file))).isEmpty();
        }
    }

    /** libsrt #269: it blocked the listener for the right one. */
    @Test
    void aWrongPassphraseIsRefusedAndTheRightOneNextIsTaken() throws Exception {
        assumeTrue(SrtScene.has(FFMPEG), "FFmpeg");
        try (SrtScene scene = new SrtScene(folder, Optional.of("0123456789abc"), LATENCY)) {
            SrtScene.Program wrong =
                    scene.ffmpeg(SrtScene.media("20"), publish(scene.port(), "anna") + "&passphrase=another0123");
            wrong.ends();
            assertThat(scene.isLive("anna")).isFalse();
            SrtScene.Program none = scene.ffmpeg(SrtScene.media("20"), publish(scene.port(), "anna"));
            none.ends();
            assertThat(scene.engine()
                            .endpoint(SrtEndpoint.class)
                            .tallies()
                            .handshakes()
                            .of(SrtTallies.Handshake.BAD_SECRET))
                    .isEqualTo(2);
            scene.ffmpeg(SrtScene.media("20"), publish(scene.port(), "anna") + "&passphrase=0123456789abc");
            frames(scene, "anna", 30);
        }
    }

    @Test
    void theReasonOfARefusalReachesTheCaller() throws Exception {
        assumeTrue(SrtScene.has(TRANSMIT), "srt-live-transmit");
        try (SrtScene scene = new SrtScene(folder, Optional.empty(), LATENCY)) {
            SrtScene.Program nobody =
                    scene.run(TRANSMIT, "-loglevel:debug", "-a:no", play(scene.port(), "nobody"), "file://con");
            Wait.until(
                    "it says why",
                    PATIENCE,
                    () -> nobody.said().contains(DEFINED) || !nobody.process().isAlive());
            assertThat(nobody.said()).contains(DEFINED);
        }
    }

    /**
     * A line with 5 % loss and a round trip of 100 ms. With a latency that a busy machine does not use up by itself; what four round trips are
     * enough for is shown in simulated time ({@code SrtConversationTest}).
     */
    @Test
    void aLossyLineCostsNothingOnTheWayIn() throws Exception {
        assumeTrue(SrtScene.has(FFMPEG), "FFmpeg");
        try (SrtScene scene = new SrtScene(folder, Optional.empty(), ROOMY);
                ImpairedLink link = ImpairedLink.udp(
                        scene.port(),
                        Impairment.lossy(1, 0.05, Duration.ofMillis(50)),
                        Impairment.lossy(2, 0.05, Duration.ofMillis(50)))) {
            scene.ffmpeg(
                    SrtScene.media("60"), publish(link.port(), "anna").replace("latency=400000", "latency=2000000"));
            frames(scene, "anna", 250);
            assertThat(packets(scene, SrtTallies.Packet.LOST)).isPositive();
            assertThat(packets(scene, SrtTallies.Packet.DROPPED)).isZero();
            assertThat(scene.engine().control().stream("anna")
                            .orElseThrow()
                            .statistics()
                            .repairs())
                    .isEmpty();
        }
    }

    @Test
    void aLossyLineCostsNothingOnTheWayOut() throws Exception {
        assumeTrue(SrtScene.has(FFMPEG) && SrtScene.has(TRANSMIT), "FFmpeg and srt-live-transmit");
        try (SrtScene scene = new SrtScene(folder, Optional.empty(), ROOMY);
                ImpairedLink link = ImpairedLink.udp(
                        scene.port(),
                        Impairment.lossy(3, 0.05, Duration.ofMillis(50)),
                        Impairment.lossy(4, 0.05, Duration.ofMillis(50)))) {
            scene.ffmpeg(SrtScene.media("60"), publish(scene.port(), "anna"));
            frames(scene, "anna", 50);
            Path file = folder.resolve("out.ts");
            scene.transmit(play(link.port(), "anna").replace("latency=400", "latency=2000"), file);
            Wait.until("media comes", PATIENCE, () -> Files.exists(file) && Files.size(file) > 1_000_000);
            assertThat(link.lost()).isPositive();
            assertThat(packets(scene, SrtTallies.Packet.RESENT)).isPositive();
            assertThat(continuous(Files.readAllBytes(file))).isEmpty();
        }
    }

    private static void frames(SrtScene scene, String name, int count) throws Exception {
        Wait.until(
                count + " frames",
                PATIENCE,
                () -> scene.engine().control().stream(name)
                        .filter(status -> status.statistics().frames() >= count)
                        .isPresent());
    }

    private static long packets(SrtScene scene, SrtTallies.Packet kind) throws Exception {
        SrtTallies tallies = scene.engine().endpoint(SrtEndpoint.class).tallies();
        long before = tallies.packets().of(SrtTallies.Packet.RECEIVED);
        Wait.until("it is counted", () -> tallies.packets().of(SrtTallies.Packet.RECEIVED) > before);
        return tallies.packets().of(kind);
    }

    /** Where counters of transport packets jump. */
    private static List<String> continuous(byte[] stream) {
        Map<Integer, Integer> counters = new HashMap<>();
        List<String> jumps = new ArrayList<>();
        for (int at = 0; at + PACKET <= stream.length; at += PACKET) {
            assertThat(stream[at]).as("sync byte at %d", at).isEqualTo((byte) 0x47);
            int pid = (stream[at + 1] & 0x1F) << 8 | (stream[at + 2] & 0xFF);
            if ((stream[at + 3] & 0x10) == 0) {
                continue;
            }
            int counter = stream[at + 3] & 0x0F;
            Integer before = counters.put(pid, counter);
            if (before != null && counter != (before + 1) % 16) {
                jumps.add("pid " + pid + " at " + at + ": " + before + " then " + counter);
            }
        }
        return jumps;
    }
}
