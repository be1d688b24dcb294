// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.socket.NamedProxies;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RTMP and the media port behind a proxy that says whom it speaks for. */
@Timeout(60)
class ProxiedPortsTest {
    @TempDir
    private Path directory;

    private final BlockingQueue<String> publishers = new LinkedBlockingQueue<>();
    private MediaEngine engine;

    @BeforeEach
    void start() {
        NamedProxies local = NamedProxies.of(List.of("127.0.0.0/8"));
        engine = MediaEngine.start(
                OpenEngine.config(directory).with(new EngineConfig.Proxies(local, local)),
                EnginePorts.openToViewers(
                        attempt -> {
                            publishers.add(attempt.remoteAddress().getAddress().getHostAddress());
                            return CompletableFuture.completedStage(new PublishDecision.Refused(RefusalCause.NO_KEY));
                        },
                        OpenEngine.SILENT,
                        OpenEngine.DEAF));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static Socket connect(String from, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private void publish(Socket socket) throws IOException {
        try (RtmpScript encoder = new RtmpScript(socket)) {
            encoder.handshake().connect("live");
            encoder.publish("anna");
        }
    }

    @Test
    void an_encoder_is_who_the_proxy_says() throws Exception {
        Socket socket = connect("127.0.0.1", engine.port("rtmp"));
        socket.getOutputStream()
                .write("PROXY TCP4 203.0.113.7 198.51.100.1 5000 1935\r\n".getBytes(StandardCharsets.US_ASCII));

        publish(socket);

        assertThat(publishers.poll(20, TimeUnit.SECONDS)).isEqualTo("203.0.113.7");
    }

    @Test
    void a_named_proxy_that_says_something_else_is_closed() throws Exception {
        try (Socket socket = connect("127.0.0.1", engine.port("rtmp"))) {
            socket.getOutputStream().write(new byte[1_537]);
            int answer;
            try {
                answer = socket.getInputStream().read();
            } catch (SocketException reset) {
                answer = -1;
            }

            assertThat(answer).isNegative();
        }
    }

    /** HAProxy itself, where it is installed. */
    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
    void haproxy_tells_who_is_there(String version) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/haproxy")), "haproxy is not installed");
        int front = FreePort.next();
        Path config = directory.resolve("haproxy.cfg");
        Files.writeString(
                config,
                "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n"
                        + "listen rtmp\n  bind 127.0.0.1:" + front + "\n  server rtmp 127.0.0.1:" + engine.port("rtmp")
                        + " " + version + "\n");
        Process haproxy = new ProcessBuilder("haproxy", "-db", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("haproxy.log").toFile())
                .start();
        try {
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            Socket socket = null;
            while (socket == null && System.nanoTime() < until) {
                try {
                    socket = connect("127.0.0.5", front);
                } catch (IOException notYet) {
                    haproxy.waitFor(50, TimeUnit.MILLISECONDS);
                }
            }
            assertThat(socket).isNotNull();
            publish(socket);

            assertThat(publishers.poll(20, TimeUnit.SECONDS)).isEqualTo("127.0.0.5");
        } finally {
            haproxy.destroy();
            haproxy.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
