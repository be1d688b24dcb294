// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.srt.SrtRekeying;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;

/** An engine that speaks SRT, and real programs that speak to it. */
final class SrtScene implements AutoCloseable {
    private final Path folder;
    private final MediaEngine engine;
    private final List<Process> programs = new ArrayList<>();
    private int logs;

    SrtScene(Path folder, Optional<String> passphrase, Duration latency) {
        this(folder, passphrase, latency, SrtRekeying.USUAL);
    }

    SrtScene(Path folder, Optional<String> passphrase, Duration latency, SrtRekeying rekeying) {
        this.folder = folder;
        this.engine = OpenEngine.start(
                OpenEngine.config(folder).with(new SrtConfig("127.0.0.1", 0, latency, passphrase, rekeying)));
    }

    MediaEngine engine() {
        return engine;
    }

    int port() {
        return engine.port(SrtEndpoint.SCHEME);
    }

    /** Pictures and sound for as long as it is asked, or for some seconds, in real time. */
    static List<String> media(String seconds) {
        return List.of(
                "-hide_banner",
                "-loglevel",
                "info",
                "-re",
                "-f",
                "lavfi",
                "-t",
                seconds,
                "-i",
                "testsrc=s=320x180:r=25",
                "-f",
                "lavfi",
                "-t",
                seconds,
                "-i",
                "sine=r=48000",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-tune",
                "zerolatency",
                "-b:v",
                "1000k",
                "-g",
                "25",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac",
                "-f",
                "mpegts");
    }

    /** What it says goes into a file; its first word is its path. */
    Program run(Map<String, String> environment, List<String> command) throws IOException {
        Path log = folder.resolve("program-" + logs++ + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        programs.add(process);
        return new Program(process, log);
    }

    /** Plays into a file. */
    void transmit(String from, Path file) throws IOException {
        programs.add(new ProcessBuilder("/usr/bin/srt-live-transmit", from, "file://con")
                .redirectOutput(file.toFile())
                .redirectError(folder.resolve("transmit-" + logs++ + ".log").toFile())
                .start());
    }

    Program run(String... command) throws IOException {
        return run(Map.of(), List.of(command));
    }

    Program ffmpeg(List<String> arguments, String target) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/ffmpeg"));
        command.addAll(arguments);
        command.add(target);
        return run(Map.of(), command);
    }

    record Program(Process process, Path log) {
        String said() throws IOException {
            return Files.readString(log);
        }

        void ends() throws Exception {
            Wait.until("the program ends: " + log, Duration.ofSeconds(60), () -> !process.isAlive());
        }
    }

    boolean isLive(String name) {
        return engine.control().stream(name).isPresent();
    }

    static boolean has(String program) {
        return Files.isExecutable(Path.of(program));
    }

    @Override
    public void close() {
        programs.forEach(Process::destroyForcibly);
        programs.forEach(
                program -> program.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        engine.close();
    }
}
