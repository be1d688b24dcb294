// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * In front of TLS, looks at the first byte of a connection: whoever begins with a letter speaks HTTP without encryption, and is led to where he
 * wanted to go, or told what is wrong. To all others it is gone after that byte. One for all connections of a port.
 */
@ChannelHandler.Sharable
final class Unencrypted extends ChannelInboundHandlerAdapter {
    private static final String WORDS = "This port speaks HTTPS. Write https:// in front of the address.\n";

    /** From the first byte to the last of the request's head. */
    private static final long ARRIVAL_MILLIS = 10_000;

    /** For the client to read its answer: a socket that is closed over bytes nobody read throws it away. */
    private static final long NOTICE_MILLIS = 2_000;

    private final List<String> encrypting;
    private final Supplier<HttpServerCodec> codec;
    private final Supplier<Optional<String>> origin;
    private final HttpTallies tallies;

    /**
     * For one port.
     *
     * @param encrypting the names of the handlers that such a connection goes without, the last one first
     * @param origin where the port is reached with encryption, as {@code https://live.example.org}; empty where nobody said
     */
    Unencrypted(
            List<String> encrypting,
            Supplier<HttpServerCodec> codec,
            Supplier<Optional<String>> origin,
            HttpTallies tallies) {
        this.encrypting = encrypting;
        this.codec = codec;
        this.origin = origin;
        this.tallies = tallies;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            // A record of TLS begins with 20 to 24 (RFC 8446 §5.1), a method with a letter.
            if (Character.isLetter(bytes.getByte(bytes.readerIndex()))) {
                encrypting.forEach(ctx.pipeline()::remove);
                ctx.pipeline().addLast(codec.get()).addLast(new Answer());
                closeAfter(ctx, ARRIVAL_MILLIS);
            }
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }

    private static void closeAfter(ChannelHandlerContext ctx, long millis) {
        ChannelFuture closed = ctx.channel().closeFuture();
        var timer = ctx.executor().schedule(() -> ctx.channel().close(), millis, TimeUnit.MILLISECONDS);
        closed.addListener(_ -> timer.cancel(false));
    }

    /** Answers the first request, and hears no more. */
    private final class Answer extends ChannelInboundHandlerAdapter {
        private boolean answered;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (!answered && message instanceof HttpRequest request) {
                    answered = true;
                    answer(ctx, request);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void answer(ChannelHandlerContext ctx, HttpRequest request) {
            Optional<String> there =
                    request.decoderResult().isFailure() || !leads(request.uri()) ? Optional.empty() : origin.get();
            HttpResponseStatus status =
                    there.isPresent() ? HttpResponseStatus.PERMANENT_REDIRECT : HttpResponseStatus.BAD_REQUEST;
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(WORDS, StandardCharsets.US_ASCII));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .set(HttpHeaderNames.CONTENT_LENGTH, WORDS.length())
                    .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            there.ifPresent(to -> response.headers().set(HttpHeaderNames.LOCATION, to + request.uri()));
            tallies.answered(status, WORDS.length());
            ctx.writeAndFlush(response).addListener(_ -> {
                if (ctx.channel() instanceof DuplexChannel socket) {
                    socket.shutdownOutput();
                }
                closeAfter(ctx, NOTICE_MILLIS);
            });
        }

        /** A path, in characters that a header may have. */
        private static boolean leads(String target) {
            return target.startsWith("/") && target.chars().allMatch(each -> each > ' ' && each < 0x7F);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
