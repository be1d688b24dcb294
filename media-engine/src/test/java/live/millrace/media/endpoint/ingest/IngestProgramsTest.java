// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people publish with by HTTP: FFmpeg, curl, GStreamer, where they are installed. */
class IngestProgramsTest {
    private static final String FFMPEG = "/usr/bin/ffmpeg";
    private static final List<String> SOURCE = List.of(
            "-hide_banner",
            "-loglevel",
            "error",
            "-re",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=160x90:r=25",
            "-f",
            "lavfi",
            "-i",
            "sine=r=48000",
            "-t",
            "4",
            "-pix_fmt",
            "yuv420p",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "25",
            "-c:a",
            "aac");

    @TempDir
    Path directory;

    private MediaEngine engine;

    @BeforeEach
    void start() {
        engine = OpenEngine.start(OpenEngine.config(directory));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static void needs(String program) {
        assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
    }

    private String url(String name) {
        return "http://127.0.0.1:" + engine.port("http") + "/live/" + name;
    }

    private Process run(List<String> before, String... after) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(after));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "out.txt"))
                .start();
    }

    /** 100 pictures and 188 frames of sound or so. */
    private void publishes(Process process) throws Exception {
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            Wait.until(
                    "the frames",
                    () -> engine.control().stream("anna")
                            .filter(status -> status.statistics().frames() > 270)
                            .isPresent());
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> ffmpeg() {
        List<String> command = new ArrayList<>(List.of(FFMPEG));
        command.addAll(SOURCE);
        return command;
    }

    @Test
    void ffmpegPutsATransportStream() throws Exception {
        needs(FFMPEG);
        publishes(run(ffmpeg(), "-f", "mpegts", "-method", "PUT", url("anna.ts")));
    }

    @Test
    void ffmpegPostsFlv() throws Exception {
        needs(FFMPEG);
        publishes(run(ffmpeg(), "-f", "flv", "-flvflags", "no_duration_filesize", url("anna.flv")));
    }

    @Test
    void curlUploadsWhatItReads() throws Exception {
        needs(FFMPEG);
        needs("/usr/bin/curl");
        String line = String.join(" ", ffmpeg()) + " -f mpegts - | /usr/bin/curl -s -T - " + url("anna.ts");
        publishes(run(List.of("/bin/sh", "-c", line)));
    }
}
