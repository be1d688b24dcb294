// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** VP8 from GStreamer by RTSP, to FFmpeg by RTSP: every picture that was encoded is decoded, and looks the same. */
class RtspVp8IT {
    /** One key frame and what refers to it, so that whoever comes later begins with the first picture. */
    private static final int PICTURES = 150;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private MediaEngine engine;
    private RtspPeers peers;

    @BeforeEach
    void start() {
        engine = OpenEngine.start(
                OpenEngine.config(directory).with(RtspConfig.defaults().at("127.0.0.1", 0)));
        peers = new RtspPeers(directory);
    }

    @AfterEach
    void stop() throws Exception {
        peers.stop();
        engine.close();
    }

    @ParameterizedTest
    @CsvSource({"tcp, tcp, 0", "udp, udp, 3"})
    void everyPictureArrives(String push, String play, int partitions) throws Exception {
        String address = "rtsp://127.0.0.1:" + engine.port("rtsp") + "/live/anna";
        Path kept = directory.resolve("kept.webm");
        peers.gstreamer(
                "push",
                "-e -q videotestsrc is-live=1 num-buffers=" + PICTURES
                        + " ! video/x-raw,width=320,height=180,framerate=25/1,format=I420"
                        + " ! vp8enc deadline=1 keyframe-max-dist=1000 target-bitrate=400000 token-partitions="
                        + partitions + " ! tee name=t ! queue ! webmmux ! filesink location=" + kept
                        + " t. ! queue ! rtspclientsink location=" + address + " protocols=" + push);
        Wait.until(
                "it is on air",
                () -> engine.control().stream("anna")
                        .flatMap(StreamStatus::video)
                        .isPresent());
        assertThat(engine.control().stream("anna").orElseThrow().video())
                .hasValueSatisfying(video -> assertThat(video.codec() + " " + video.width() + "x" + video.height())
                        .isEqualTo("VP8 320x180"));
        peers.ffmpeg(
                "play",
                "-rtsp_transport " + play + " -i " + address
                        + " -an -vsync passthrough -flush_packets 1 -f framecrc -");
        String http = "http://127.0.0.1:" + engine.port("http") + "/live/anna";
        peers.ffmpeg("mp4", "-i " + http + ".live.mp4 -an -vsync passthrough -flush_packets 1 -f framecrc -");
        // Neither of the two ends by itself: the one never says that it is done, and the other waits for more.
        Wait.until("every picture came", PATIENCE, () -> peers.frames("play").size() >= PICTURES);
        Wait.until("every picture is kept", PATIENCE, () -> {
            peers.ends("kept", peers.ffmpeg("kept", "-i " + kept + " -an -vsync passthrough -f framecrc -"));
            return peers.frames("kept").size() == PICTURES;
        });
        assertThat(peers.frames("mp4").size()).isPositive();
        assertThat(peers.frames("kept")).containsSubsequence(peers.frames("mp4"));
        assertThat(peers.frames("play")).isEqualTo(peers.frames("kept"));
        assertThat(peers.said("play")).doesNotContainIgnoringCase("error");
    }
}
