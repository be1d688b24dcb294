// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.NamedProxies;
import live.millrace.media.socket.Shortage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever drips, or takes every place, keeps nobody else from being answered. */
@Timeout(60)
class SlowClientsTest {
    private static final String BODY = "POST /ip HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n";
    private static final int PLACES = 60;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Socket> sockets = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        server = serve(Duration.ofSeconds(1), false, NamedProxies.none());
    }

    private HttpServer serve(Duration timeout, boolean limitPrivate, NamedProxies proxies) {
        HttpRouter router = new HttpRouter();
        HttpRouter.Handler who = request -> CompletableFuture.completedStage(HttpAnswer.refusal(
                HttpResponseStatus.NOT_FOUND,
                "You are " + request.remoteAddress().getAddress().getHostAddress()));
        Subject nothing = new Subject.None("a test");
        router.get("/ip", nothing, who);
        router.route(HttpMethod.POST, "/ip", nothing, 1_000, who);
        HttpServer made = new HttpServer(
                "http",
                new HttpConfig("127.0.0.1", 0, timeout, timeout, PLACES, 2_000, 1_000, limitPrivate, true),
                Listening.nio(loops, new Shortage(System::nanoTime)),
                router,
                Optional.empty(),
                proxies);
        made.start();
        return made;
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        loops.shutdownGracefully();
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String answer(String before) throws IOException {
        try (Socket socket = open()) {
            socket.setSoTimeout(10_000);
            say(socket, before + "GET /ip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Bytes that nobody reads before the socket closes take the answer with them. */
    @RepeatedTest(10)
    void whoSendsTooMuchReadsWhy() throws IOException {
        Socket socket = open();
        socket.setSoTimeout(10_000);
        say(socket, "POST /ip HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n" + "a".repeat(400_000));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 413 ")
                .endsWith("The body is too large.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /ip HTTP/1.1\r\nX: ", "\r\n", "G", BODY})
    void a_request_that_drips_ends(String begin) throws IOException {
        Socket socket = open();
        long began = System.nanoTime();
        say(socket, begin);
        socket.setSoTimeout(50);
        boolean ended = false;
        while (!ended && System.nanoTime() - began < Duration.ofSeconds(15).toNanos()) {
            try {
                say(socket, begin.isBlank() ? "\n" : "a");
                ended = socket.getInputStream().read() < 0;
            } catch (SocketTimeoutException nothing) {
                // It listens still.
            } catch (IOException reset) {
                ended = true;
            }
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void the_next_request_of_a_kept_connection_has_its_time_as_well() throws IOException {
        server.close();
        server = serve(Duration.ofSeconds(1), false, NamedProxies.none());
        a_request_that_drips_ends("GET /ip HTTP/1.1\r\nHost: x\r\n\r\nGET /ip HTTP/1.1\r\nX: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /ip HTTP/1.1\r\nX: ", BODY})
    void one_client_never_takes_the_last_place(String begin) throws IOException {
        server.close();
        server = serve(Duration.ofSeconds(30), false, NamedProxies.none());
        for (int each = 0; each < PLACES; each++) {
            say(open(), begin);
        }
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        String answer = "";
        while (answer.isEmpty() && System.nanoTime() < until) {
            try {
                answer = answer("");
            } catch (IOException full) {
                // Those who wait are spared when they have waited for a second.
            }
        }

        assertThat(answer).contains("You are 127.0.0.1");
    }

    @Test
    void an_address_has_half_of_all_places_at_most() throws IOException {
        server.close();
        server = serve(Duration.ofSeconds(30), true, NamedProxies.none());
        for (int each = 0; each < PLACES / 2; each++) {
            say(open(), "GET");
        }
        Socket more = open();
        more.setSoTimeout(10_000);
        int end;
        try {
            end = more.getInputStream().read();
        } catch (IOException reset) {
            end = -1;
        }

        assertThat(end).isNegative();
    }

    /** The limit is the client's, not the proxy's. */
    @Test
    void behind_a_named_proxy_it_is_the_client_who_is_limited() throws IOException {
        server.close();
        server = serve(Duration.ofSeconds(30), true, NamedProxies.of(List.of("127.0.0.0/8")));
        for (int each = 0; each < PLACES / 2; each++) {
            say(open(), "PROXY TCP4 203.0.113.7 198.51.100.1 1000 80\r\nGET");
        }

        assertThat(answer("PROXY TCP4 203.0.113.8 198.51.100.1 1000 80\r\n")).contains("You are 203.0.113.8");
        String refused;
        try {
            refused = answer("PROXY TCP4 203.0.113.7 198.51.100.1 1000 80\r\n");
        } catch (IOException reset) {
            refused = "";
        }
        assertThat(refused).isEmpty();
    }
}
