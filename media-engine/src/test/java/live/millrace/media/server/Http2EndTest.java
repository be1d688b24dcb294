// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last byte of a stream of HTTP/2 whose reader opens no window (RFC 9113 §5.2), after its ticket was revoked. */
@ExtendWith(LeakExtension.class)
class Http2EndTest {
    /** So long at most whoever is taken off the list sees anything. */
    private static final long MOST_SECONDS = 5;

    /** Of each picture: a segment is far larger than any window here. */
    private static final int LARGE = 100_000;

    private static final int TINY = 1_000;

    @TempDir
    Path directory;

    private TicketScene scene;
    private EventLoopGroup loops;

    @BeforeEach
    void start() throws Exception {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        scene = new TicketScene(directory, LARGE);
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        scene.close();
    }

    /** What came of one request. */
    private static final class Answer {
        final CompletableFuture<String> status = new CompletableFuture<>();
        final AtomicLong bytes = new AtomicLong();
        final CompletableFuture<Long> reset = new CompletableFuture<>();
    }

    /** A connection whose windows are as large as they were in the beginning: nobody says that anything was read. */
    private static final class Reader extends Http2ChannelDuplexHandler {
        final Map<Http2FrameStream, Answer> answers = new ConcurrentHashMap<>();
        final CompletableFuture<Long> goneAway = new CompletableFuture<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                Answer answer =
                        frame instanceof Http2StreamFrame of && of.stream() != null ? answers.get(of.stream()) : null;
                if (frame instanceof Http2GoAwayFrame goAway) {
                    goneAway.complete(goAway.errorCode());
                }
                if (answer != null) {
                    if (frame instanceof Http2HeadersFrame head) {
                        answer.status.complete(head.headers().status().toString());
                    } else if (frame instanceof Http2DataFrame data) {
                        answer.bytes.addAndGet(data.content().readableBytes());
                    } else if (frame instanceof Http2ResetFrame reset) {
                        answer.reset.complete(reset.errorCode());
                    }
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }
    }

    /** @param window of each stream, in bytes */
    private Channel connect(int window, Reader reader) throws Exception {
        SslContext trusting = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline()
                                .addLast(trusting.newHandler(opened.alloc()))
                                .addLast(Http2FrameCodecBuilder.forClient()
                                        .initialSettings(
                                                Http2Settings.defaultSettings().initialWindowSize(window))
                                        .build())
                                .addLast(reader);
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), scene.engine.port("https"))
                .sync()
                .channel();
        channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
        return channel;
    }

    private static Answer ask(Channel connection, Reader reader, String path) throws Exception {
        Answer answer = new Answer();
        Http2FrameStream stream = reader.newStream();
        reader.answers.put(stream, answer);
        connection
                .writeAndFlush(new DefaultHttp2HeadersFrame(
                                new DefaultHttp2Headers()
                                        .method("GET")
                                        .scheme("https")
                                        .authority("localhost")
                                        .path(path),
                                true)
                        .stream(stream))
                .sync();
        return answer;
    }

    private String path(String below, String what) throws Exception {
        return switch (what) {
            case "segment of what is live" ->
                "/live/anna/" + TicketScene.first(scene.text(below + "/live/anna/v0.m3u8"), "\n([^#\n]+\\.m4s)");
            case "segment of a video" ->
                "/videos/" + TicketScene.VIDEO + "/"
                        + TicketScene.first(
                                scene.text(below + "/videos/" + TicketScene.VIDEO + "/v0.m3u8"), "\n([^#\n]+\\.m4s)");
            case "video as a file" -> "/videos/" + TicketScene.VIDEO + ".mp4";
            default -> what;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "segment of what is live, 1000",
        "segment of what is live, 0",
        "segment of a video, 1000",
        "video as a file, 1000",
        "/live/anna.flv, 1000",
        "/live/anna.mp4, 0",
    })
    void aSlowReaderIsResetInTheMiddle(String what, int window) throws Exception {
        PlayTicket ticket = scene.invite();
        String below = TicketScene.below(ticket);
        String path = path(below, what);
        Reader reader = new Reader();
        Channel connection = connect(window, reader);
        Answer slow = ask(connection, reader, below + path);
        assertThat(slow.status.get(10, TimeUnit.SECONDS)).isEqualTo("200");
        Wait.until("the window is full", () -> slow.bytes.get() == window);
        assertThat(slow.reset).isNotDone();
        assertThat(scene.revoke(ticket)).isPositive();
        assertThat(slow.reset.get(MOST_SECONDS, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
        assertThat(slow.bytes.get()).as("nothing more came").isEqualTo(window);
        if (!path.startsWith("/live/anna.")) { // where one waits as for a channel that is off
            Answer again = ask(connection, reader, below + path);
            assertThat(again.status.get(MOST_SECONDS, TimeUnit.SECONDS)).isEqualTo("404");
        }
        connection.close().sync();
        Wait.until("it is forgotten", () -> scene.engine.playSessions().isEmpty());
    }

    /** What others read over the same connection, a proxy's for many, goes on. */
    @Test
    void theOtherStreamsOfTheConnectionGoOn() throws Exception {
        PlayTicket gone = scene.invite();
        PlayTicket stays = scene.invite();
        String path = path(TicketScene.below(gone), "segment of what is live");
        Reader reader = new Reader();
        Channel connection = connect(TINY, reader);
        Answer slow = ask(connection, reader, TicketScene.below(gone) + path);
        Answer other = ask(connection, reader, TicketScene.below(stays) + path);
        Wait.until("both windows are full", () -> slow.bytes.get() == TINY && other.bytes.get() == TINY);
        assertThat(scene.revoke(gone)).isPositive();
        slow.reset.get(MOST_SECONDS, TimeUnit.SECONDS);
        Answer next = ask(connection, reader, TicketScene.below(stays) + "/live/anna.m3u8");
        assertThat(next.status.get(MOST_SECONDS, TimeUnit.SECONDS)).isEqualTo("200");
        assertThat(other.reset).isNotDone();
        assertThat(reader.goneAway).isNotDone();
        assertThat(connection.isActive()).isTrue();
        connection.close().sync();
    }
}
