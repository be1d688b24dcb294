// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of others that speak RTSP, each with a file for what it says; {@link #stop} ends them. */
final class RtspPeers {
    static final Path FFMPEG = Path.of("/usr/bin/ffmpeg");
    private static final Path GSTREAMER = Path.of("/usr/bin/gst-launch-1.0");
    private static final int PATIENCE_SECONDS = 60;

    private final Path directory;
    private final List<Process> running = new ArrayList<>();

    RtspPeers(Path directory) {
        this.directory = directory;
    }

    /** Where what a program says goes to. */
    Path log(String name) {
        return directory.resolve(name + ".log");
    }

    String said(String name) throws IOException {
        return Files.readString(log(name));
    }

    /** Starts a pipeline, written as for a shell. */
    Process gstreamer(String name, String pipeline) throws IOException {
        assumeTrue(Files.isExecutable(GSTREAMER), "GStreamer is not installed");
        return start(name, GSTREAMER, pipeline);
    }

    /** Starts the FFmpeg that is installed, with arguments that have no spaces in them. */
    Process ffmpeg(String name, String arguments) throws IOException {
        assumeTrue(Files.isExecutable(FFMPEG), "FFmpeg is not installed");
        return start(name, FFMPEG, "-nostdin -loglevel error " + arguments);
    }

    /** Starts FFmpeg 8. */
    Process ffmpeg8(String name, String arguments) throws IOException {
        Path folder = Ffmpeg8.folder().orElse(null);
        assumeTrue(folder != null, "no FFmpeg 8 for this system");
        List<String> words = List.of(("-nostdin -loglevel error " + arguments).split(" ", -1));
        Process process = Ffmpeg8.start(folder, "ffmpeg", log(name), words);
        running.add(process);
        return process;
    }

    private Process start(String name, Path program, String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log(name).toFile())
                .start();
        running.add(process);
        return process;
    }

    /** Waits for the end of a program. */
    void ends(String name, Process process) throws Exception {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("%s: %s", name, said(name))
                .isTrue();
    }

    /** The lines of {@code -f framecrc} for the first stream: size and checksum of each frame. */
    List<String> frames(String name) throws IOException {
        return Files.readAllLines(log(name)).stream()
                .filter(line -> line.startsWith("0,"))
                .map(line -> line.split(",\\s*", -1))
                .filter(fields -> fields.length > 5)
                .map(fields -> fields[4] + " " + fields[5])
                .toList();
    }

    /** Ends all that run. */
    void stop() throws InterruptedException {
        for (Process each : running) {
            each.destroy();
            if (!each.waitFor(PATIENCE_SECONDS / 6, TimeUnit.SECONDS)) {
                each.destroyForcibly();
            }
        }
    }
}
