// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.testing.EngineConformance;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as its user starts it: flags, signals, exit codes. */
class StandaloneJarIT extends EngineConformance {
    private static final Path JAR = Path.of("target", "millrace-media-engine.jar");
    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    private static Path directory;

    private static Process engine;
    private static Path log;
    private static int rtmpPort;
    private static int httpPort;
    private static int apiPort;

    private static Process launch(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-jar",
                JAR.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static void write(int keys) throws IOException {
        StringBuilder text =
                new StringBuilder("drain: 1s\nhls: {always: true}\napi: {port: " + apiPort + "}\npublish:\n  keys:\n");
        for (int i = 1; i <= keys; i++) {
            text.append("    - {channel: jar-")
                    .append(i)
                    .append(", key: secret-of-")
                    .append(i)
                    .append("}\n");
        }
        Files.writeString(directory.resolve("engine.yml"), text);
    }

    @BeforeAll
    static void start() throws Exception {
        rtmpPort = FreePort.next();
        httpPort = FreePort.next();
        apiPort = FreePort.next();
        write(10);
        log = directory.resolve("engine.log");
        engine = launch(
                log,
                "--bind=127.0.0.1",
                "--rtmp-port=" + rtmpPort,
                "--http-port=" + httpPort,
                "--data-dir=" + directory.resolve("data"));
        Wait.until(
                "it is up", Duration.ofSeconds(30), () -> Files.readString(log).contains("Management on port"));
    }

    /** SIGTERM drains, and the process is gone within 35 s. */
    @AfterAll
    static void drain() throws Exception {
        try (RtmpScript script = new RtmpScript(rtmpPort).handshake().connect("live")) {
            assertThat(script.publish("secret-of-10")).isEqualTo("NetStream.Publish.Start");
            engine.destroy();
            script.awaitClose();
            assertThat(engine.waitFor(35, TimeUnit.SECONDS)).isTrue();
            assertThat(engine.exitValue()).isEqualTo(143); // 128 + SIGTERM, as every JVM
            assertThat(Files.readString(log))
                    .contains("Going down", "SHUTDOWN", "Stopped")
                    .doesNotContain("secret-of-");
        } finally {
            engine.destroyForcibly();
        }
    }

    @Override
    protected int rtmpPort() {
        return rtmpPort;
    }

    @Override
    protected int httpPort() {
        return httpPort;
    }

    @Override
    protected Ticket ticket() {
        int number = NAMES.incrementAndGet();
        return new Ticket("jar-" + number, "secret-of-" + number);
    }

    @Test
    void aHangupReadsTheKeysAgainAndDropsNobody() throws Exception {
        Ticket ticket = ticket();
        try (RtmpScript script = new RtmpScript(rtmpPort).handshake().connect("live")) {
            assertThat(script.publish(ticket.key())).isEqualTo("NetStream.Publish.Start");
            write(11);
            new ProcessBuilder("kill", "-HUP", String.valueOf(engine.pid()))
                    .start()
                    .waitFor();
            Wait.until("the settings were read", () -> Files.readString(log).contains("changed [publish]"));
            new MediaScript(script).headers().both(6);
            script.sync();
            try (RtmpScript fresh = new RtmpScript(rtmpPort).handshake().connect("live")) {
                assertThat(fresh.publish("secret-of-11")).isEqualTo("NetStream.Publish.Start");
            }
        }
    }

    @Test
    void theApiAnswersWithTheTokenOfTheDataDirectory() throws Exception {
        String token =
                Files.readString(directory.resolve("data").resolve("api-token")).strip();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + "/api/v1/server"));
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
            assertThat(http.send(
                                    request.header("Authorization", "Bearer " + token)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("\"status\":\"up\"");
        }
    }

    @Test
    void startsThatCannotBeSayWhyInOneLine() throws Exception {
        assertThat(failure("--config=none.yml")).startsWith("millrace-media-engine: There is no settings file");
        Files.writeString(directory.resolve("bad.yml"), "rtmp: {prot: 1}\n");
        assertThat(failure("--config=bad.yml")).contains("bad.yml, line 1: there is no setting \"prot\" here.");
        assertThat(failure("--rtmp-port=" + rtmpPort, "--data-dir=" + directory.resolve("other")))
                .contains("Port " + rtmpPort + " for rtmp cannot be had");
    }

    private static String failure(String... arguments) throws Exception {
        Path output = directory.resolve("failure.log");
        Process process = launch(output, arguments);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        String text = Files.readString(output);
        assertThat(text.lines().filter(line -> line.startsWith("millrace-media-engine: ")))
                .hasSize(1);
        return text.lines()
                .filter(line -> line.startsWith("millrace-media-engine: "))
                .findFirst()
                .orElseThrow();
    }
}
