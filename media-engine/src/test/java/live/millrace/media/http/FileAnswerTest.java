// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;
import live.millrace.media.testing.LeakExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files over real sockets: those that the kernel sends and those that are too small for that. */
@ExtendWith(LeakExtension.class)
class FileAnswerTest {
    @TempDir
    Path directory;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() {
        HttpRouter router = new HttpRouter();
        router.get("/{name}", new Subject.None("a test"), query -> answer(query.name("name"), 0));
        router.get(
                "/{name}/{offset}",
                new Subject.None("a test"),
                query -> answer(query.name("name"), Integer.parseInt(query.name("offset"))));
        HttpConfig defaults = HttpConfig.defaults();
        server = HttpServer.bind(
                "http", defaults.at("127.0.0.1", 0), Listening.nio(loops, new Shortage(System::nanoTime)), router);
    }

    /** A file from an offset on; its name is its size. */
    private CompletionStage<HttpAnswer> answer(String name, int offset) {
        Path file = directory.resolve(name);
        int size = Integer.parseInt(name);
        return CompletableFuture.completedStage(new HttpAnswer(
                HttpResponseStatus.OK,
                "video/mp4",
                "no-cache",
                new HttpAnswer.Content.File(
                        file,
                        offset,
                        size - offset,
                        (from, length) -> CompletableFuture.supplyAsync(() -> {
                            try {
                                return Unpooled.wrappedBuffer(Files.readAllBytes(file), offset + (int) from, length);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })),
                Optional.empty(),
                Optional.of("\"tag\""),
                true,
                Map.of()));
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        loops.shutdownGracefully();
    }

    private byte[] file(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Files.write(directory.resolve(Integer.toString(size)), bytes);
        return bytes;
    }

    private HttpResponse<byte[]> get(int size, String... headers) throws Exception {
        return get("/" + size, headers);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536, 3_000_000})
    void aFileComesWholeAgainAndAgain(int size) throws Exception {
        byte[] bytes = file(size);
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> answer = get(size);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-length")).hasValue(Integer.toString(size));
            assertThat(answer.body()).isEqualTo(bytes);
        }
    }

    @Test
    void piecesOfAFile() throws Exception {
        byte[] bytes = file(300_000);
        HttpResponse<byte[]> large = get(300_000, "Range", "bytes=1000-200999");
        assertThat(large.statusCode()).isEqualTo(206);
        assertThat(large.body()).isEqualTo(Arrays.copyOfRange(bytes, 1_000, 201_000));
        HttpResponse<byte[]> small = get(300_000, "Range", "bytes=-10");
        assertThat(small.headers().firstValue("content-range")).hasValue("bytes 299990-299999/300000");
        assertThat(small.body()).isEqualTo(Arrays.copyOfRange(bytes, 299_990, 300_000));
        assertThat(get(300_000, "Range", "bytes=300000-").statusCode()).isEqualTo(416);
        assertThat(get(300_000, "If-None-Match", "\"tag\"").statusCode()).isEqualTo(304);
    }

    /** A piece of a file is a content of its own: what is before it and behind it cannot be asked for. */
    @ParameterizedTest
    @ValueSource(ints = {200, 200_000})
    void aPieceOfAFileHasRangesOfItsOwn(int size) throws Exception {
        byte[] bytes = file(size);
        int offset = size / 2;
        assertThat(get("/" + size + "/" + offset).body()).isEqualTo(Arrays.copyOfRange(bytes, offset, size));
        HttpResponse<byte[]> range = get("/" + size + "/" + offset, "Range", "bytes=10-");
        assertThat(range.headers().firstValue("content-range"))
                .hasValue("bytes 10-" + (size - offset - 1) + "/" + (size - offset));
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(bytes, offset + 10, size));
        assertThat(get("/" + size + "/" + offset, "Range", "bytes=" + offset + "-")
                        .statusCode())
                .isEqualTo(416);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300_000})
    void aFileThatIsGoneIsNotFound(int size) throws Exception {
        HttpResponse<byte[]> answer = get(size);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-range")).isEmpty();
    }
}
