// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.bytes.Releasing;
import org.jspecify.annotations.Nullable;

/**
 * One request for the site and its answer. A request waits here until it is whole, or large: whoever sends slowly holds no connection to the site.
 * An answer goes on as it comes, and no faster than the client takes it, but for what fits into the client's buffer: whoever reads slowly holds a
 * connection to the site for large files alone. Confined to the event loop of both connections.
 */
final class Exchange {
    /** What fits here of a request is waited for. */
    private static final int HELD_BYTES = 64 << 10;

    /** The site has so long to begin its answer, and a client to take some more of it. */
    private static final long PATIENCE_SECONDS = 120;

    private static final Set<HttpMethod> REPEATABLE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Whom an exchange tells of its end, on its loop. */
    interface Client {
        /** @param goesOn there may be another; otherwise the connection has to close */
        void over(boolean goesOn);

        /** The site made it a socket: the other end of what the connection carries from now on. */
        void becameSocket(Channel site);
    }

    private final ChannelHandlerContext down;
    private final Site site;
    private final FrontTallies tallies;
    private final boolean http2;
    private final Client client;
    private final HttpRequest request;
    private final boolean webSocket;
    private final boolean keepAlive;

    /** What came of the body and has not gone on. */
    private final List<HttpContent> held = new ArrayList<>();

    private int heldBytes;
    private boolean whole;
    private boolean asking;
    private @Nullable Channel up;
    private boolean firstOfConnection;
    private boolean repeated;
    private boolean informs;
    private boolean begun;
    private boolean reusable = true;
    private boolean over;
    private @Nullable ScheduledFuture<?> patience;

    /**
     * For a request of the client.
     *
     * @param asked with the headers for the site
     */
    Exchange(
            ChannelHandlerContext down,
            Site site,
            FrontTallies tallies,
            boolean http2,
            HttpRequest asked,
            String clientAddress,
            Client client) {
        this.down = down;
        this.site = site;
        this.tallies = tallies;
        this.http2 = http2;
        this.client = client;
        this.webSocket =
                !http2 && asked.method().equals(HttpMethod.GET) && ForwardedHeaders.wantsWebSocket(asked.headers());
        this.request = SiteRequests.of(asked, clientAddress, webSocket);
        this.keepAlive = HttpUtil.isKeepAlive(asked);
    }

    // ---- the request --------------------------------------------------------------------------------------------

    /** Once, before any of its body. */
    void begin() {
        if (!SiteRequests.canBeAsked(request)) {
            refuse(
                    HttpResponseStatus.BAD_REQUEST,
                    "This is nothing that can be asked here.",
                    FrontTallies.Outcome.REFUSED);
            return;
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            connect(); // its body comes when the site wants it
        }
    }

    /**
     * The next of its body.
     *
     * @param content owned by the exchange
     */
    void content(HttpContent content) {
        if (over) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            reusable = false;
            end(FrontTallies.Outcome.LEFT);
            client.over(false);
            return;
        }
        whole = content instanceof LastHttpContent;
        if (up != null) {
            up.writeAndFlush(alone(content));
            down.channel().config().setAutoRead(up.isWritable());
            return;
        }
        held.add(content);
        heldBytes += content.content().readableBytes();
        if (whole) {
            connect();
        } else if (heldBytes >= HELD_BYTES) {
            down.channel().config().setAutoRead(false);
            connect();
        }
    }

    /** Without trailers: they are about the way that they came. */
    private static HttpContent alone(HttpContent content) {
        return content instanceof LastHttpContent ? new DefaultLastHttpContent(content.content()) : content;
    }

    private void connect() {
        if (asking || over) {
            return;
        }
        if (!site.there()) {
            away();
            return;
        }
        asking = true;
        if (webSocket) {
            ChannelFuture connecting = site.connect(down.channel().eventLoop());
            connecting.addListener(done -> connected(done.isSuccess() ? connecting.channel() : null));
        } else {
            site.acquire(down.channel().eventLoop())
                    .addListener((Future<Channel> done) -> connected(done.isSuccess() ? done.getNow() : null));
        }
    }

    private void connected(@Nullable Channel connection) {
        asking = false;
        if (connection == null) {
            if (!over) {
                away();
            }
            return;
        }
        if (over) {
            giveBack(connection, true);
            return;
        }
        up = connection;
        firstOfConnection = connection.pipeline().get(SiteConnection.class).begin(this);
        HttpHeaders headers = request.headers();
        if (whole && heldBytes > 0) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, heldBytes);
        } else if (!whole && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        connection.write(request);
        List<HttpContent> early = List.copyOf(held);
        held.clear();
        Releasing.handOver(early, each -> connection.write(alone(each)), HttpContent::release);
        connection.flush();
        down.channel().config().setAutoRead(connection.isWritable());
        patience = down.executor().schedule(this::tooSlow, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void away() {
        refuse(
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "The site does not answer. Try again in a moment.",
                FrontTallies.Outcome.AWAY);
    }

    // ---- the answer ---------------------------------------------------------------------------------------------

    /**
     * Something of the site's.
     *
     * @param message owned by the exchange
     */
    void answer(ChannelHandlerContext connection, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        switch (message) {
            case HttpResponse head
            when head.decoderResult().isFailure() -> {
                ReferenceCountUtil.release(message);
                broken();
            }
            case HttpResponse head
            when SiteAnswers.informs(head) -> {
                informs = true;
                if (head.status().equals(HttpResponseStatus.CONTINUE)) {
                    down.writeAndFlush(new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
                }
                ReferenceCountUtil.release(message);
            }
            case HttpResponse head
            when head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS) -> becomeSocket(connection, head);
            case HttpResponse head -> head(head);
            case HttpContent content -> body(content);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void head(HttpResponse head) {
        begun = true;
        reusable &= HttpUtil.isKeepAlive(head);
        down.write(SiteAnswers.of(head, request.method(), http2, keepAlive && whole));
        renewPatience();
    }

    private void body(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (informs && last) {
            informs = false;
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            broken();
            return;
        }
        if (!last) {
            down.write(content);
            return;
        }
        boolean goesOn = (http2 || keepAlive) && whole;
        ChannelFuture written = down.writeAndFlush(alone(content));
        end(FrontTallies.Outcome.ANSWERED);
        written.addListener(done -> client.over(goesOn && done.isSuccess()));
    }

    /** What came is sent, and no more is read than the client takes. */
    void flush() {
        down.flush();
        clientTakes(down.channel().isWritable());
    }

    /** Whether the client's connection has room. */
    void clientTakes(boolean room) {
        Channel connection = up;
        if (connection != null && connection.config().isAutoRead() != room) {
            connection.config().setAutoRead(room);
            if (begun) {
                renewPatience();
            }
        }
    }

    /** Whether the site's connection has room. */
    void siteTakes(boolean room) {
        if (!over) {
            down.channel().config().setAutoRead(room);
        }
    }

    private void renewPatience() {
        ScheduledFuture<?> before = patience;
        patience = null;
        if (before != null) {
            before.cancel(false);
        }
        Channel connection = up;
        if (connection != null && !connection.config().isAutoRead()) {
            patience = down.executor().schedule(this::tooSlow, PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    // ---- a socket -----------------------------------------------------------------------------------------------

    private void becomeSocket(ChannelHandlerContext connection, HttpResponse head) {
        FullHttpResponse switching = SiteAnswers.switching(head);
        ReferenceCountUtil.release(head);
        if (!webSocket) {
            broken();
            return;
        }
        Channel socket = connection.channel();
        over = true;
        up = null;
        stopPatience();
        tallies.requests().count(FrontTallies.Outcome.ANSWERED);
        tallies.sockets().increment();
        socket.closeFuture().addListener(_ -> tallies.sockets().decrement());
        down.writeAndFlush(switching);
        client.becameSocket(socket);
        SiteConnection.becomeSocket(connection, down.channel());
    }

    // ---- ends ---------------------------------------------------------------------------------------------------

    /** The client's connection is closed. */
    void clientGone() {
        if (!over) {
            reusable = false;
            end(FrontTallies.Outcome.LEFT);
        }
    }

    /** The connection to the site is closed. */
    void siteGone() {
        Channel connection = up;
        if (over || connection == null) {
            return;
        }
        if (!begun
                && !firstOfConnection
                && !repeated
                && whole
                && heldBytes == 0
                && REPEATABLE.contains(request.method())) {
            // It was closed while it waited for us: the site never saw the request.
            repeated = true;
            stopPatience();
            up = null;
            giveBack(connection, false);
            held.add(LastHttpContent.EMPTY_LAST_CONTENT);
            connect();
            return;
        }
        broken();
    }

    private void broken() {
        reusable = false;
        if (begun) {
            // Half an answer must not look like a whole one.
            end(FrontTallies.Outcome.BROKEN);
            client.over(false);
        } else {
            refuse(
                    HttpResponseStatus.BAD_GATEWAY,
                    "The site broke its answer off. Try again in a moment.",
                    FrontTallies.Outcome.BROKEN);
        }
    }

    private void tooSlow() {
        patience = null;
        if (over) {
            return;
        }
        reusable = false;
        if (begun) {
            end(FrontTallies.Outcome.TOO_SLOW);
            client.over(false);
        } else {
            refuse(
                    HttpResponseStatus.GATEWAY_TIMEOUT,
                    "The site did not answer in time.",
                    FrontTallies.Outcome.TOO_SLOW);
        }
    }

    private void refuse(HttpResponseStatus status, String text, FrontTallies.Outcome outcome) {
        boolean goesOn = (http2 || keepAlive) && whole;
        end(outcome);
        down.writeAndFlush(SiteAnswers.refusal(status, text, http2, goesOn))
                .addListener(done -> client.over(goesOn && done.isSuccess()));
    }

    private void stopPatience() {
        ScheduledFuture<?> waiting = patience;
        patience = null;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    private void end(FrontTallies.Outcome outcome) {
        over = true;
        tallies.requests().count(outcome);
        stopPatience();
        List<HttpContent> left = List.copyOf(held);
        held.clear();
        Channel connection = up;
        up = null;
        try {
            Releasing.all(left);
        } finally {
            if (connection != null) {
                giveBack(connection, reusable && whole);
            }
            down.channel().config().setAutoRead(true);
        }
    }

    private void giveBack(Channel connection, boolean again) {
        connection.pipeline().get(SiteConnection.class).end();
        connection.config().setAutoRead(true);
        if (!again) {
            connection.close();
        }
        if (!webSocket) {
            site.release(connection);
        }
    }
}
