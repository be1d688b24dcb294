// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that are installed push by RTSP and play it, over TCP and over UDP, sound and pictures in step. */
class RtspIT {
    private static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");
    private static final Path GSTREAMER = Path.of("/usr/bin/gst-launch-1.0");

    /** Of three seconds: the last ones are cut by the time. */
    private static final int PICTURES = 65;

    @TempDir
    Path directory;

    private MediaEngine engine;
    private Process publisher;

    @BeforeEach
    void start() {
        engine = OpenEngine.start(
                OpenEngine.config(directory).with(RtspConfig.defaults().at("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (publisher != null) {
            publisher.destroy();
            publisher.waitFor(10, TimeUnit.SECONDS);
        }
        engine.close();
    }

    private String address() {
        return "rtsp://127.0.0.1:" + engine.port("rtsp") + "/live/anna";
    }

    private Process run(String log, List<String> command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.resolve(log).toFile())
                .start();
    }

    private void ffmpeg(String transport) throws Exception {
        publisher = run(
                "push.log",
                List.of(
                        FFMPEG.toString(),
                        "-loglevel",
                        "warning",
                        "-re",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc=s=320x180:r=25",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=r=48000",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-g",
                        "25",
                        "-bf",
                        "2",
                        "-pix_fmt",
                        "yuv420p",
                        "-c:a",
                        "aac",
                        "-f",
                        "rtsp",
                        "-rtsp_transport",
                        transport,
                        address()));
        awaitLive();
    }

    private void awaitLive() throws Exception {
        Wait.until(
                "it is on air",
                () -> engine.control().stream("anna")
                        .filter(stream ->
                                stream.video().isPresent() && stream.audio().isPresent())
                        .isPresent());
    }

    private void plays(String transport, double begin) throws Exception {
        Path out = directory.resolve("play-" + transport + ".log");
        Process player = run(
                out.getFileName().toString(),
                List.of(
                        FFMPEG.toString(),
                        "-loglevel",
                        "error",
                        "-rtsp_transport",
                        transport,
                        "-i",
                        address(),
                        "-t",
                        "3",
                        "-c",
                        "copy",
                        "-f",
                        "framecrc",
                        "-"));
        assertThat(player.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<Double> pictures = new ArrayList<>();
        List<Double> sounds = new ArrayList<>();
        for (String line : Files.readAllLines(out)) {
            String[] fields = line.split(",\\s*", -1);
            if (fields.length > 4 && !line.startsWith("#")) {
                boolean picture = fields[0].strip().equals("0");
                double time = Double.parseDouble(fields[1].strip());
                (picture ? pictures : sounds).add(picture ? time / 90_000 : time / 48_000);
            }
        }
        assertThat(pictures).hasSizeGreaterThan(PICTURES);
        assertThat(sounds).hasSizeGreaterThan(PICTURES);
        // Both begin with the key frame, and end together: what was out of step would begin or end elsewhere.
        assertThat(pictures.getFirst() - sounds.getFirst()).isBetween(-begin, begin);
        assertThat(pictures.getLast() - sounds.getLast()).isBetween(-0.2, 0.2);
        assertThat(sounds).isSorted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp"})
    void ffmpegPushesAndPlays(String transport) throws Exception {
        assumeTrue(Files.isExecutable(FFMPEG), "FFmpeg is not installed");
        ffmpeg(transport);
        plays("tcp", 0.2);
        plays("udp", 0.2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp"})
    void gstreamerPushes(String transport) throws Exception {
        assumeTrue(Files.isExecutable(GSTREAMER) && Files.isExecutable(FFMPEG), "GStreamer is not installed");
        publisher = run(
                "push.log",
                List.of(
                        GSTREAMER.toString(),
                        "-q",
                        "videotestsrc",
                        "is-live=1",
                        "!",
                        "video/x-raw,width=320,height=180,framerate=25/1",
                        "!",
                        "x264enc",
                        "tune=zerolatency",
                        "key-int-max=25",
                        "!",
                        "h264parse",
                        "!",
                        "rtspclientsink",
                        "name=s",
                        "location=" + address(),
                        "protocols=" + transport,
                        "audiotestsrc",
                        "is-live=1",
                        "!",
                        "audio/x-raw,rate=48000",
                        "!",
                        "audioconvert",
                        "!",
                        "avenc_aac",
                        "!",
                        "aacparse",
                        "!",
                        "s."));
        awaitLive();
        plays("tcp", 1); // its sound may begin later than its pictures
    }

    @Test
    void gstreamerPlays() throws Exception {
        assumeTrue(Files.isExecutable(GSTREAMER) && Files.isExecutable(FFMPEG), "GStreamer is not installed");
        ffmpeg("tcp");
        for (String transport : new String[] {"tcp", "udp"}) {
            Process player = run(
                    "gst-" + transport + ".log",
                    List.of(
                            GSTREAMER.toString(),
                            "rtspsrc",
                            "location=" + address(),
                            "protocols=" + transport,
                            "name=r",
                            "r.",
                            "!",
                            "queue",
                            "!",
                            "application/x-rtp,media=video",
                            "!",
                            "rtph264depay",
                            "!",
                            "h264parse",
                            "!",
                            "identity",
                            "eos-after=40",
                            "!",
                            "fakesink",
                            "r.",
                            "!",
                            "queue",
                            "!",
                            "application/x-rtp,media=audio",
                            "!",
                            "rtpmp4gdepay",
                            "!",
                            "identity",
                            "eos-after=60",
                            "!",
                            "fakesink"));
            assertThat(player.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(directory.resolve("gst-" + transport + ".log")))
                    .contains("Got EOS");
        }
    }
}
