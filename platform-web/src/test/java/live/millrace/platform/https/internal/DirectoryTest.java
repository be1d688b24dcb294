// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import live.millrace.platform.https.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/** Directories that are slow, endless, or have another time: nobody waits for ever. */
@Timeout(60)
class DirectoryTest {
    private static final String DIRECTORY = """
            {"newNonce": "https://a.example/n", "meta": {"termsOfService": "https://a.example/terms"}}
            """;

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/good", exchange -> answer(exchange, DIRECTORY.getBytes(StandardCharsets.UTF_8)));
        server.createContext("/large", exchange -> answer(exchange, new byte[(256 << 10) + 1]));
        server.createContext("/silent", _ -> rest());
        server.createContext("/half", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write('{');
            out.flush();
            rest();
        });
        server.start();
    }

    private void rest() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private Directory at(String path, Duration patience) throws HttpsFailure {
        return new Directory(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), Optional.empty(), patience);
    }

    private void givesUp(String path) throws Exception {
        try (Directory directory = at(path, Duration.ofSeconds(1))) {
            assertThatExceptionOfType(AcmeNetworkException.class)
                    .isThrownBy(() -> directory.session().getMetadata());
        }
    }

    @Test
    void itsTermsAndItsTimeAreRead() throws HttpsFailure, AcmeException {
        try (Directory directory = at("/good", Directory.PATIENCE)) {
            assertThat(directory.said()).isEmpty();
            assertThat(directory.session().getMetadata().getTermsOfService())
                    .contains(URI.create("https://a.example/terms"));
            assertThat(directory.said().orElseThrow())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        }
    }

    @Test
    void oneThatSaysNothingIsGivenUp() throws Exception {
        givesUp("/silent");
    }

    @Test
    void oneThatDoesNotComeToAnEndIsGivenUp() throws Exception {
        givesUp("/half");
    }

    @Test
    void oneThatSaysTooMuchIsGivenUp() throws Exception {
        try (Directory directory = at("/large", Directory.PATIENCE)) {
            assertThatExceptionOfType(AcmeNetworkException.class)
                    .isThrownBy(() -> directory.session().getMetadata());
        }
    }

    @Test
    void anAuthorityThatIsNoneIsSaid() {
        assertThatExceptionOfType(HttpsFailure.class)
                .isThrownBy(() -> new Directory(
                        URI.create("https://a.example"), Optional.of(Path.of("/nowhere/ca.pem")), Directory.PATIENCE))
                .satisfies(failure -> assertThat(failure.trouble()).isEqualTo(Trouble.UNTRUSTED));
    }
}
