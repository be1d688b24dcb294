// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.media.testing.FreePort;
import live.millrace.platform.updates.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The address is asked with manners, and nothing that it answers does harm. */
class UpdateCallTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<Headers> asked = new AtomicReference<>();
    private final UpdateCall call = new UpdateCall();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void says(String path, int status, String location, String body) {
        server.createContext(path, exchange -> {
            asked.set(exchange.getRequestHeaders());
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Set-Cookie", "who=you");
            if (!location.isEmpty()) {
                exchange.getResponseHeaders().set("Location", location);
            }
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private void isTrouble(String path, Trouble trouble) {
        isTrouble(call, at(path), trouble);
    }

    private static void isTrouble(UpdateCall call, URI address, Trouble trouble) {
        assertThatThrownBy(() -> call.ask(address))
                .isInstanceOfSatisfying(
                        UpdateFailure.class,
                        failure -> assertThat(failure.trouble()).isEqualTo(trouble));
    }

    @Test
    void nothingIsToldButTheProgramsName() throws Exception {
        says("/", 200, "", "{}");
        call.ask(at("/?token=x"));
        call.ask(at("/"));
        Headers headers = asked.get();
        assertThat(headers.keySet())
                .describedAs("%s", headers.entrySet())
                .isSubsetOf("User-agent", "Host", "Connection", "Content-length");
        assertThat(headers.getFirst("User-Agent")).matches("Millrace/[0-9].*");
    }

    @Test
    void itIsSentOnThreeTimesAndNoMore() throws Exception {
        says("/1", 302, "/2", "");
        says("/2", 301, "/3", "");
        says("/3", 307, "/4", "");
        says("/4", 200, "", "here");
        assertThat(call.ask(at("/1"))).asString().isEqualTo("here");
        says("/0", 302, "/1", "");
        isTrouble("/0", Trouble.REDIRECT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.168.0.1/",
                "http://localhost/",
                "http://[::1]/",
                "https://169.254.169.254/",
                "file:///etc/passwd",
                "ftp://127.0.0.1/",
                "https://a:b@127.0.0.1/",
                "http://"
            })
    void itIsSentToNothingBehindTheDoor(String location) {
        says("/", 302, location, "");
        isTrouble("/", Trouble.REDIRECT);
    }

    @Test
    void whatIsWrongHasAName() throws Exception {
        says("/none", 404, "", "");
        isTrouble("/none", Trouble.STATUS);
        says("/long", 200, "", "x".repeat(UpdateCall.MOST_BYTES + 1));
        isTrouble("/long", Trouble.LONG);
        says("/fits", 200, "", "x".repeat(UpdateCall.MOST_BYTES));
        assertThat(call.ask(at("/fits"))).hasSize(UpdateCall.MOST_BYTES);
        isTrouble(call, URI.create("http://127.0.0.1:" + FreePort.next() + "/"), Trouble.UNREACHABLE);
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> answerPlainly(plain));
            isTrouble(call, URI.create("https://127.0.0.1:" + plain.getLocalPort() + "/"), Trouble.CERTIFICATE);
        }
    }

    /** To whoever wants to encrypt. */
    private static void answerPlainly(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException over) {
            // The caller has gone.
            return;
        }
    }

    /** Who begins to answer and goes on for ever gets no more time than who does not begin. */
    @Test
    void itIsWaitedForForSoLong() {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        isTrouble(new UpdateCall(Duration.ofMillis(200)), at("/"), Trouble.SLOW);
    }

    private static Answer read(String body) throws UpdateFailure {
        return Answer.read(body.getBytes(StandardCharsets.UTF_8), JSON);
    }

    @Test
    void bothShapesAreRead() throws Exception {
        assertThat(read("""
                {"version": "0.2.0", "notes": "https://example.org/notes", "more": [1]}""")).isEqualTo(new Answer("0.2.0", "https://example.org/notes"));
        assertThat(read("""
                {"tag_name": "v0.2.0", "html_url": "https://example.org/releases/v0.2.0", "assets": [{}]}""")).isEqualTo(new Answer("0.2.0", "https://example.org/releases/v0.2.0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/",
                "javascript:alert(1)",
                "//example.org/",
                "https://u:p@example.org/",
                "",
                "https://"
            })
    void linksOfAnotherKindAreLeftOut(String notes) throws Exception {
        assertThat(read("{\"version\": \"0.2.0\", \"notes\": \"" + notes + "\"}"))
                .isEqualTo(new Answer("0.2.0", null));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "``",
                "nonsense",
                "null",
                "[]",
                "\"0.2.0\"",
                "{}",
                "{\"version\": 2}",
                "{\"version\": null}",
                "{\"version\": \"the newest\"}",
                "{\"version\": [\"0.2.0\"]}",
                "{\"tag_name\": \"release-2\"}",
                "{\"version\": \"0.2.0\""
            })
    void whatIsNoAnswerIsNone(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(UpdateFailure.class);
        assertThatThrownBy(() -> read("[".repeat(60_000))).isInstanceOf(UpdateFailure.class);
    }
}
