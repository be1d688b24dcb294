// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever is new does not wait behind whoever is idle. */
class IdleConnectionsTest {
    private static final int ROOM = 3;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<HttpAnswer> held = new CompletableFuture<>();
    private final List<Socket> sockets = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        HttpRouter router = new HttpRouter();
        router.get(
                "/at-once", new Subject.None("a test"), _ -> CompletableFuture.completedStage(HttpAnswer.notFound()));
        router.get("/later", new Subject.None("a test"), _ -> held);
        HttpConfig config = new HttpConfig(
                "127.0.0.1", 0, Duration.ofMinutes(1), Duration.ofMinutes(1), ROOM, 100, 1_000, false, true);
        server = HttpServer.bind("http", config, Listening.nio(loops, new Shortage(System::nanoTime)), router);
    }

    @AfterEach
    void stop() throws IOException {
        held.complete(HttpAnswer.notFound());
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Socket ask(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private boolean isAnswered(String path) throws IOException {
        try {
            return isAnswered(ask(path));
        } catch (SocketException reset) {
            return false; // turned away
        }
    }

    private static boolean isAnswered(Socket socket) throws IOException {
        return socket.getInputStream().read() >= 0;
    }

    @Test
    void theIdleMakeRoom() throws Exception {
        for (int i = 0; i < ROOM; i++) {
            assertThat(isAnswered(ask("/at-once"))).isTrue();
        }
        Wait.until("a new one is answered", () -> isAnswered("/at-once"));
        assertThat(server.connections()).isLessThanOrEqualTo(ROOM + 1);
    }

    @Test
    void thoseThatAreAnsweredStay() throws Exception {
        Socket busy = ask("/later");
        for (int i = 1; i < ROOM; i++) {
            assertThat(isAnswered(ask("/at-once"))).isTrue();
        }
        Wait.until("a new one is answered", () -> isAnswered("/at-once"));
        held.complete(HttpAnswer.notFound());
        assertThat(isAnswered(busy)).isTrue();
    }

    @Test
    void eachOfTheIdleMakesRoomForOneOther() throws Exception {
        for (int i = 0; i < ROOM; i++) {
            assertThat(isAnswered(ask("/at-once"))).isTrue();
        }
        long answered = System.nanoTime();
        Wait.until("all are idle", () -> System.nanoTime() - answered > TimeUnit.MILLISECONDS.toNanos(1_100));
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        loops.execute(goOn::join);
        int many = 10 * ROOM;
        for (int i = 0; i < many; i++) {
            ask("/later"); // all of them are accepted before anybody is closed
        }
        goOn.complete(null);
        Wait.until(
                "the others are turned away",
                () -> server.tallies().answers().of(HttpTallies.Answer.FULL) == many - ROOM);
        Wait.until("the idle are gone", () -> server.connections() == ROOM);
    }
}
