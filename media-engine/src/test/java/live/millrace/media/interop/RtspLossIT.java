// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.frame.Repair;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.Impairment;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FFmpeg pushes by RTSP over UDP through a bad network: what arrives is whole, and what does not costs no more than it must. */
class RtspLossIT {
    private static final Duration DELAY = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private MediaEngine engine;
    private RtspPeers peers;

    @BeforeEach
    void start() {
        engine = OpenEngine.start(
                OpenEngine.config(directory).with(RtspConfig.defaults().at("127.0.0.1", freePair())));
        peers = new RtspPeers(directory);
    }

    @AfterEach
    void stop() throws Exception {
        peers.stop();
        engine.close();
    }

    /** An even port that is free, with the one behind it. */
    private static int freePair() {
        while (true) {
            int port = FreePort.next() & ~1;
            if (FreePort.isFree(port) && FreePort.isFree(port + 1)) {
                return port;
            }
        }
    }

    /** What pictures, each other than all before it, decode to. */
    private Path film(int pictures, int keyInterval) throws Exception {
        Path film = directory.resolve("film.mp4");
        peers.ends(
                "make",
                peers.ffmpeg(
                        "make",
                        "-f lavfi -i testsrc=s=320x180:r=25 -frames:v " + pictures
                                + " -c:v libx264 -preset ultrafast -sc_threshold 0 -bf 0 -pix_fmt yuv420p -b:v 1M -g "
                                + keyInterval + " " + film));
        peers.ends("film", peers.ffmpeg("film", "-i " + film + " -vsync passthrough -f framecrc -"));
        assertThat(peers.frames("film")).hasSize(pictures).doesNotHaveDuplicates();
        return film;
    }

    /** Whoever plays comes first, and waits for what is published: it misses nothing of it, however busy this machine is. */
    private void play() throws Exception {
        peers.ffmpeg(
                "play",
                "-rtsp_transport tcp -i rtsp://127.0.0.1:" + engine.port("rtsp")
                        + "/live/anna -vsync passthrough -flush_packets 1 -f framecrc -");
    }

    private Process push(Path film, ImpairedRtsp network) throws Exception {
        return peers.ffmpeg(
                "push",
                "-re -i " + film + " -c copy -f rtsp -rtsp_transport udp rtsp://127.0.0.1:" + network.port()
                        + "/live/anna");
    }

    private Optional<StreamStatus> status() {
        return engine.control().stream("anna");
    }

    private long lost() {
        return status().map(each -> each.statistics().count(Repair.PACKETS_LOST))
                .orElse(0L);
    }

    @Test
    void whatIsLateDisorderedAndDoubledArrivesWhole() throws Exception {
        Path film = film(100, 1_000);
        try (ImpairedRtsp network =
                new ImpairedRtsp(engine.port("rtsp"), new Impairment(5, 0, DELAY, Duration.ZERO, 0.02, 0.01))) {
            play();
            peers.ends("push", push(film, network));
            // The goodbye is not late: what it overtakes is not taken any more.
            Wait.until("the pictures came", () -> peers.frames("play").size() >= 95);
            List<String> arrived = peers.frames("play");
            assertThat(arrived).isEqualTo(peers.frames("film").subList(0, arrived.size()));
            assertThat(lost()).isZero();
        }
    }

    @Test
    void whatIsLostCostsItsPicturesAloneAndIsCounted() throws Exception {
        Path film = film(150, 25);
        try (ImpairedRtsp network =
                new ImpairedRtsp(engine.port("rtsp"), new Impairment(7, 0.02, DELAY, Duration.ZERO, 0.02, 0.01))) {
            play();
            Process pushing = push(film, network);
            Wait.until("something is lost and counted", () -> network.lost() > 0 && lost() > 0);
            long before = status().orElseThrow().statistics().frames();
            Wait.until("it goes on", () -> status().orElseThrow().statistics().frames() > before);
            peers.ends("push", pushing);
            List<String> sent = peers.frames("film");
            // The last group of pictures is played to its end, or to what it lost.
            Wait.until(
                    "the last group began",
                    () -> peers.frames("play").stream().anyMatch(frame -> sent.indexOf(frame) >= 100));
            List<String> arrived = peers.frames("play");
            assertThat(arrived).hasSizeLessThan(150);
            // Each is one of the film's as it was, and they come in its order: nothing broken was decoded.
            assertThat(sent).containsSubsequence(arrived);
        }
    }
}
