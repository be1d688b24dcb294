// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FFmpeg publishes by WHIP: it wants to be called by us (DTLS), names no candidates, and knows no feedback. */
class WhipIT {
    @TempDir
    Path directory;

    private MediaEngine engine;
    private Process publisher;

    @BeforeEach
    void start() {
        engine = OpenEngine.start(
                OpenEngine.config(directory).with(WebrtcConfig.defaults().at("127.0.0.1", 0)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (publisher != null) {
            publisher.destroyForcibly().waitFor();
        }
        engine.close();
    }

    private Path log() {
        return directory.resolve("publish.log");
    }

    private void publish(int seconds, String path) throws Exception {
        Optional<Path> ffmpeg = Ffmpeg8.folder();
        assumeTrue(ffmpeg.isPresent(), "no FFmpeg 8 for this machine");
        List<String> arguments = new ArrayList<>(
                List.of(("-hide_banner -loglevel verbose -re -f lavfi -i testsrc=s=320x180:r=15 -f lavfi"
                                + " -i sine=r=48000 -ac 2 -t " + seconds
                                + " -c:v libx264 -profile:v baseline -preset ultrafast"
                                + " -pix_fmt yuv420p -g 30 -c:a libopus -f whip -authorization anna")
                        .split(" ")));
        arguments.add("http://127.0.0.1:" + engine.port("http") + path);
        publisher = Ffmpeg8.start(ffmpeg.get(), "ffmpeg", log(), arguments);
    }

    private Optional<StreamStatus> anna() {
        return engine.control().stream("anna");
    }

    @Test
    void ffmpegPublishesPicturesAndSound() throws Exception {
        publish(30, "/whip");
        Wait.until(
                "pictures and sound come: " + log(),
                () -> !publisher.isAlive()
                        || anna().filter(each -> each.video().isPresent()
                                        && each.audio().isPresent()
                                        && each.statistics().frames() > 100)
                                .isPresent());
        assertThat(publisher.isAlive()).as(Files.readString(log())).isTrue();
        assertThat(anna().orElseThrow().video().orElseThrow().codec()).isEqualTo("H.264");
        publisher.destroy();
        Wait.until(
                "its goodbye is heard",
                () -> anna().filter(each -> each.state() == StreamState.LIVE).isEmpty());
    }
}
