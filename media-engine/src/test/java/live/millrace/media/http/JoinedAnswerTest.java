// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pieces of files and of memory as one content, over real sockets: small ones that are read, and large ones that the kernel sends. */
@ExtendWith(LeakExtension.class)
class JoinedAnswerTest {
    @TempDir
    Path directory;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final HttpClient client = HttpClient.newHttpClient();
    private final LongAdder read = new LongAdder();
    private HttpServer server;
    private volatile HttpAnswer.Content.Joined content;
    private byte[] expected;

    @BeforeEach
    void start() throws Exception {
        HttpRouter router = new HttpRouter();
        router.get(
                "/joined",
                new Subject.None("a test"),
                _ -> CompletableFuture.completedStage(new HttpAnswer(
                        HttpResponseStatus.OK,
                        "video/mp4",
                        "no-cache",
                        content,
                        Optional.empty(),
                        Optional.of("\"tag\""),
                        true,
                        Map.of())));
        server = HttpServer.bind(
                "http",
                HttpConfig.defaults().at("127.0.0.1", 0),
                Listening.nio(loops, new Shortage(System::nanoTime)),
                router);
        Random random = new Random(11);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<HttpAnswer.Content> pieces = new ArrayList<>();
        for (int size : new int[] {900, 70_000, 0, 30, 2_500_000, 65_536, 5_000, 1_048_576}) {
            byte[] bytes = new byte[size + 200];
            random.nextBytes(bytes);
            if (pieces.size() % 3 == 0) {
                pieces.add(new HttpAnswer.Content.Memory(
                        Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes, 100, size))));
            } else {
                pieces.add(file(bytes, 100, size));
            }
            all.write(bytes, 100, size);
        }
        content = HttpAnswer.Content.Joined.of(pieces);
        expected = all.toByteArray();
    }

    private HttpAnswer.Content.File file(byte[] bytes, int offset, int size) throws Exception {
        Path path = Files.createTempFile(directory, "piece", "");
        Files.write(path, bytes);
        return new HttpAnswer.Content.File(path, offset, size, (from, length) -> {
            read.add(length);
            return CompletableFuture.supplyAsync(() -> Unpooled.copiedBuffer(bytes, offset + (int) from, length));
        });
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        loops.shutdownGracefully();
    }

    private HttpResponse<byte[]> get(String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/joined"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void allOfItComesAgainAndAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> answer = get();
            assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(expected.length);
            assertThat(Arrays.equals(answer.body(), expected)).isTrue();
        }
        assertThat(read.sum()).as("the kernel sends what is large").isLessThan(expected.length / 2);
    }

    @Test
    void anyRangeIsThatOfTheWhole() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            int from = random.nextInt(expected.length);
            int to = Math.min(expected.length, from + 1 + random.nextInt(i % 3 == 0 ? 3_000_000 : 1_500));
            HttpResponse<byte[]> answer = get("Range", "bytes=" + from + "-" + (to - 1));
            assertThat(answer.statusCode()).isEqualTo(206);
            assertThat(Arrays.equals(answer.body(), Arrays.copyOfRange(expected, from, to)))
                    .as("%d to %d", from, to)
                    .isTrue();
        }
    }

    /** RFC 9110 §13.1.5. */
    @Test
    void aRangeIsOfWhatTheClientHasTheRestOf() throws Exception {
        assertThat(get("Range", "bytes=5-", "If-Range", "\"tag\"").statusCode()).isEqualTo(206);
        assertThat(get("Range", "bytes=5-", "If-Range", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(get("Range", "bytes=5-", "If-Range", "Fri, 27 Nov 2026 10:00:00 GMT")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatIsMissingAtTheBeginningIsNotFoundAndLaterEndsTheConnection() throws Exception {
        HttpAnswer.Content gone = new HttpAnswer.Content.File(
                directory.resolve("none"), 0, 100_000, (_, _) -> CompletableFuture.failedStage(new Exception("gone")));
        HttpAnswer.Content there = content.pieces().getFirst();
        content = HttpAnswer.Content.Joined.of(List.of(gone, there));
        assertThat(get().statusCode()).isEqualTo(404);
        content = HttpAnswer.Content.Joined.of(List.of(there, gone));
        try (Socket socket = asking()) {
            byte[] all = socket.getInputStream().readAllBytes();
            assertThat(new String(all, StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 200")
                    .contains("content-length: " + (there.size() + 100_000));
        }
    }

    private Socket asking() throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8_192);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET /joined HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Nothing is read for somebody who does not read, beyond what sockets hold. */
    @Test
    void whoeverReadsSlowlyHoldsOneStep() throws Exception {
        byte[] small = new byte[60_000];
        HttpAnswer.Content.File piece = file(small, 0, small.length);
        List<HttpAnswer.Content> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(piece);
        }
        content = HttpAnswer.Content.Joined.of(many);
        read.reset();
        try (Socket socket = asking()) {
            long[] last = {-1};
            Wait.until("it stands still", () -> {
                long before = last[0];
                last[0] = read.sum();
                java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
                return before > 0 && before == last[0];
            });
            assertThat(last[0]).isLessThan(20_000_000);
            InputStream in = socket.getInputStream();
            in.skipNBytes(30_000_000);
            assertThat(read.sum()).isGreaterThan(30_000_000 - small.length);
        }
    }

    @Test
    void piecesHaveNoPiecesAndTheirSizeIsTheirs() {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpAnswer.Content.Joined.of(List.of(content)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpAnswer.Content.Joined(content.pieces(), content.size() + 1));
    }
}
