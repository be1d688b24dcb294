// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.Probe;
import live.millrace.media.source.ScriptedCamera;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceMode;
import live.millrace.media.source.SourceStatus;
import live.millrace.media.testing.Wait;

/** Cameras that break their protocol, leave in the middle, or were never any. */
final class SourceCases {
    private static final String AREA = "source";

    private SourceCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        fails(cases, "a web server", SourceFailure.PROTOCOL, bytes("HTTP/1.1 400 Bad Request\r\n\r\n"), 1);
        fails(cases, "a head without end", SourceFailure.PROTOCOL, bytes("RTSP/1.0 200 OK\r\nX: y"), 20_000);
        fails(
                cases,
                "a thousand headers",
                SourceFailure.PROTOCOL,
                bytes("RTSP/1.0 200 OK\r\n" + "A: b\r\n".repeat(1_000) + "\r\n"),
                1);
        fails(
                cases,
                "a body of 2 GB declared",
                SourceFailure.PROTOCOL,
                bytes("RTSP/1.0 200 OK\r\nContent-Length: 2147483647\r\n\r\n"),
                1);
        fails(cases, "zeros", SourceFailure.PROTOCOL, new byte[4_096], 8);
        fails(
                cases,
                "answers that nobody asked for, and a close",
                SourceFailure.PROTOCOL,
                bytes("RTSP/1.0 200 OK\r\n\r\n"),
                5_000);
        cases.add(new SurvivalCase(AREA, "a camera that is cut off ten times", scene -> {
            try (ScriptedCamera camera = new ScriptedCamera()) {
                StreamPath path = put(scene, camera.uri());
                for (int i = 0; i < 10; i++) {
                    Wait.until(
                            "media comes",
                            () -> status(scene, path).state() == SourceStatus.State.RUNNING && camera.open() == 1);
                    camera.cut();
                    Wait.until("it is missed", () -> status(scene, path).state() != SourceStatus.State.RUNNING);
                    // By another, so that nobody waits for the back-off of the one before.
                    scene.engine().sources().put(path, address(camera.uri(), "viewer-" + i), SourceMode.ALWAYS);
                }
                remove(scene, path);
                Wait.until("it is let go of", () -> camera.open() == 0);
            }
            return "fetched again";
        }));
        cases.add(new SurvivalCase(AREA, "a camera for half a minute, beside trials of another", scene -> {
            try (ScriptedCamera camera = new ScriptedCamera();
                    ScriptedCamera other = new ScriptedCamera()) {
                StreamPath path = put(scene, camera.uri());
                Wait.until("it goes on", Duration.ofMinutes(3), () -> {
                    Probe probe = scene.engine()
                            .sources()
                            .probe(address(other.uri()))
                            .toCompletableFuture()
                            .join();
                    assertThat(probe.failure()).isEmpty();
                    return scene.engine().control().stream(path)
                            .filter(stream -> stream.statistics().frames() > 700)
                            .isPresent();
                });
                assertThat(camera.connections()).isEqualTo(1);
                remove(scene, path);
            }
            return "one connection";
        }));
        cases.add(new SurvivalCase(AREA, "stamps that go back and forth", scene -> {
            try (ScriptedCamera camera = new ScriptedCamera()) {
                camera.stamping(time -> time / 3_600 % 10 == 5 ? Math.max(0, time - 9_000) : time);
                StreamPath path = put(scene, camera.uri());
                Wait.until(
                        "they are mended",
                        () -> scene.engine().control().stream(path)
                                .filter(stream -> stream.statistics().repairs().values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum()
                                        > 0)
                                .isPresent());
                assertThat(status(scene, path).state()).isEqualTo(SourceStatus.State.RUNNING);
                assertThat(camera.connections()).isEqualTo(1);
                remove(scene, path);
            }
            return "mended, counted";
        }));
        cases.add(new SurvivalCase(AREA, "twenty trials of cameras that say nothing", scene -> {
            try (ScriptedCamera camera = new ScriptedCamera()) {
                camera.answering((_, _) -> "");
                SourceAddress silent = new SourceAddress(
                        camera.uri(), "", "", false, SourceAddress.Reach.PRIVATE, Duration.ofMillis(200));
                List<Probe> probes = new ArrayList<>();
                var trials = Arrays.stream(new int[20])
                        .mapToObj(_ -> scene.engine().sources().probe(silent).toCompletableFuture())
                        .toList();
                trials.forEach(each -> probes.add(each.join()));
                assertThat(probes)
                        .hasSize(20)
                        .allSatisfy(probe -> assertThat(probe.failure()).hasValue(SourceFailure.UNREACHABLE));
                Wait.until("all are let go of", () -> camera.open() == 0);
            }
            return "four at a time";
        }));
        return cases;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static SourceAddress address(URI uri) {
        return address(uri, "");
    }

    private static SourceAddress address(URI uri, String user) {
        return new SourceAddress(uri, user, "", false, SourceAddress.Reach.PRIVATE, SourceAddress.USUAL_PATIENCE);
    }

    private static SourceStatus status(Scene scene, StreamPath path) {
        return scene.engine().sources().status(path).orElseThrow();
    }

    private static StreamPath put(Scene scene, URI uri) {
        scene.engine().sourceGuard().loopback(true);
        StreamPath path = StreamPath.live(scene.channel());
        scene.engine().sources().put(path, address(uri), SourceMode.ALWAYS);
        return path;
    }

    private static void remove(Scene scene, StreamPath path) throws Exception {
        assertThat(scene.engine().sources().remove(path)).isTrue();
        Wait.until(
                "its broadcast ends",
                () -> scene.engine().control().stream(path).isEmpty());
    }

    /** Whoever connects gets some bytes, so many times, and the end. */
    private static void fails(List<SurvivalCase> cases, String name, SourceFailure failure, byte[] said, int times) {
        cases.add(new SurvivalCase(AREA, name, scene -> {
            try (ServerSocket listener = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
                Thread.ofPlatform().daemon().start(() -> serve(listener, said, times));
                StreamPath path = put(scene, URI.create("rtsp://127.0.0.1:" + listener.getLocalPort() + "/"));
                Wait.until("it fails", () -> status(scene, path).failure().isPresent());
                assertThat(status(scene, path).failure()).hasValue(failure);
                remove(scene, path);
            }
            return "failed: " + failure;
        }));
    }

    private static void serve(ServerSocket listener, byte[] said, int times) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                if (in.read() < 0) {
                    continue;
                }
                for (int i = 0; i < times; i++) {
                    out.write(said);
                }
                socket.shutdownOutput();
                // What is left unread would reset the connection, and what was said with it.
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException expected) {
                // they leave as soon as they have heard enough
            }
        }
    }
}
