// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Files that the kernel cannot send: read, and written, piece by piece. */
class ResponseWriterTest {
    private static final long SIZE = 3L << 30;

    /** What was read, and what comes of it. */
    private final List<CompletableFuture<ByteBuf>> readings = new ArrayList<>();

    private final List<String> asked = new ArrayList<>();

    private EmbeddedChannel connection() {
        HttpRouter router = new HttpRouter();
        router.get(
                "/file",
                new Subject.None("a test"),
                _ -> CompletableFuture.completedStage(new HttpAnswer(
                        HttpResponseStatus.OK,
                        "video/mp4",
                        "no-cache",
                        new HttpAnswer.Content.File(Path.of("none"), 100, SIZE, (from, length) -> {
                            asked.add(from + "+" + length);
                            CompletableFuture<ByteBuf> reading = new CompletableFuture<>();
                            readings.add(reading);
                            return reading;
                        }),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        Map.of())));
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("192.0.2.1", 40_000);
            }
        };
        HttpConfig config = HttpConfig.defaults();
        channel.pipeline()
                .addLast(new HttpConnection(
                        new HttpConnection.Context(
                                router, config, new ClientLimits(config), HttpTallies.fresh(), new SharedFiles()),
                        true));
        return channel;
    }

    private static FullHttpRequest request(String range) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/file", Unpooled.EMPTY_BUFFER);
        request.headers().set("Range", range);
        return request;
    }

    private static int written(EmbeddedChannel channel) {
        int bytes = 0;
        for (@Nullable Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            if (out instanceof HttpContent content) {
                bytes += content.content().readableBytes();
            }
            ReferenceCountUtil.release(out);
        }
        return bytes;
    }

    @Test
    void aPieceIsReadWhenTheOneBeforeItHasLeft() {
        EmbeddedChannel channel = connection();
        channel.writeInbound(request("bytes=2147483648-2149580800"));
        assertThat(asked).containsExactly("2147483648+1048576");
        assertThat(channel.<Object>readOutbound())
                .as("nothing before the file was seen")
                .isNull();
        readings.getFirst().complete(Unpooled.wrappedBuffer(new byte[1 << 20]));
        HttpResponse head = channel.readOutbound();
        assertThat(head.status().code()).isEqualTo(206);
        assertThat(head.headers().get("Content-Length")).isEqualTo("2097153");
        assertThat(head.headers().get("Content-Range")).isEqualTo("bytes 2147483648-2149580800/" + SIZE);
        assertThat(written(channel)).isEqualTo(1 << 20);
        assertThat(asked).endsWith("2148532224+1048576").hasSize(2);
        readings.get(1).complete(Unpooled.wrappedBuffer(new byte[1 << 20]));
        readings.get(2).complete(Unpooled.wrappedBuffer(new byte[1]));
        assertThat(written(channel)).isEqualTo((1 << 20) + 1);
        assertThat(channel.isOpen()).isTrue();
        channel.writeInbound(request("bytes=0-0"));
        assertThat(asked).as("the next request").endsWith("0+1").hasSize(4);
        channel.finishAndReleaseAll();
    }

    @Test
    void aFileThatGoesInBetweenEndsTheConnection() {
        EmbeddedChannel channel = connection();
        channel.writeInbound(request("bytes=0-2000000"));
        readings.getFirst().complete(Unpooled.wrappedBuffer(new byte[1 << 20]));
        readings.get(1).completeExceptionally(new IllegalStateException("gone"));
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }
}
