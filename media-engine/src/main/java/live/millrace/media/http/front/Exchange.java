// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request for the site and its answer. A request waits here until it is whole, or large: whoever sends slowly holds no connection to the site.
 * An answer goes on as it comes, and no faster than the client takes it, but for what fits into the client's buffer: whoever reads slowly holds a
 * connection to the site for large files alone. Confined to the event loop of both connections.
 */
final class Exchange {
    /** The site has so long to begin its answer, and a client to take some more of it. */
    private static final long PATIENCE_SECONDS = 120;

    private static final Set<HttpMethod> REPEATABLE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final ChannelHandlerContext down;
    private final Site site;
    private final FrontTallies tallies;
    private final boolean http2;
    private final ExchangeClient client;
    private final HttpRequest request;
    private final boolean webSocket;
    private final boolean keepAlive;

    private final boolean chunks;
    private final boolean known;
    private final BodyPlaces places;
    private final Runnable connecting = this::connect;
    private final RequestBody body = new RequestBody();

    /** It has a place among those whose bodies still come, or waits for one. */
    private boolean placed;

    private boolean asking;
    private @Nullable Channel up;
    private boolean firstOfConnection;
    private boolean repeated;
    private boolean informs;
    private boolean begun;

    /** Another request may come on the client's connection. */
    private boolean goesOn;

    private boolean reusable = true;
    private boolean over;
    private final Patience patience;

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
            ExchangeClient client) {
        this.down = down;
        this.site = site;
        this.tallies = tallies;
        this.http2 = http2;
        this.client = client;
        this.webSocket =
                !http2 && asked.method().equals(HttpMethod.GET) && ForwardedHeaders.wantsWebSocket(asked.headers());
        this.request = SiteRequests.of(asked, clientAddress, webSocket);
        this.known = SiteRequests.canBeAsked(asked);
        this.chunks = asked.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        this.keepAlive = HttpUtil.isKeepAlive(asked);
        this.patience = new Patience(down.executor());
        this.places = site.places(down.channel().eventLoop());
    }

    // ---- the request --------------------------------------------------------------------------------------------

    /** Once, before any of its body. */
    void begin() {
        if (!known || request.uri().isEmpty()) {
            refuse(
                    HttpResponseStatus.BAD_REQUEST,
                    "This is nothing that can be asked here.",
                    FrontTallies.Outcome.REFUSED);
            return;
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            takePlace(); // its body comes when the site wants it
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
        body.comes(content);
        if (up != null) {
            up.writeAndFlush(RequestBody.alone(content));
            siteTakes(up.isWritable());
            if (body.isWhole()) {
                givePlace();
                if (!begun) {
                    patience.begin(PATIENCE_SECONDS, this::tooSlow);
                }
            }
            return;
        }
        body.keep(content);
        if (body.isWhole()) {
            connect();
        } else if (body.isLarge()) {
            down.channel().config().setAutoRead(false);
            takePlace();
        }
    }

    private void takePlace() {
        if (!placed) {
            placed = true;
            patience.begin(PATIENCE_SECONDS, this::tooSlow);
            places.take(connecting);
        }
    }

    private void givePlace() {
        if (placed && !places.forgets(connecting)) {
            places.give();
        }
        placed = false;
    }

    /** Whoever sends hardly anything keeps no thread of the site waiting. */
    private void lookAtBody() {
        if (over || body.isWhole()) {
            return;
        }
        boolean hardlyCame = body.hardlyCame();
        Channel site = up;
        if (site != null && !site.isWritable()) {
            body.waits(); // for as long as that lasts
        } else if (hardlyCame) {
            String words = "The request did not come in time.";
            giveUp(FrontTallies.Outcome.TOO_SLOW, HttpResponseStatus.REQUEST_TIMEOUT, words);
            return;
        }
        down.executor().schedule(this::lookAtBody, RequestBody.LOOK_SECONDS, TimeUnit.SECONDS);
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
        if (body.isWhole() && body.received() > 0) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.received());
        } else if (!body.isWhole() && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        connection.write(request);
        body.writeTo(connection);
        connection.flush();
        body.hardlyCame(); // from here on it is looked at
        siteTakes(connection.isWritable());
        if (body.isWhole()) {
            patience.begin(PATIENCE_SECONDS, this::tooSlow);
        } else {
            patience.stop(); // a large file takes as long as it takes
            down.executor().schedule(this::lookAtBody, RequestBody.LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void away() {
        String words = "The site does not answer. Try again in a moment.";
        refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, words, FrontTallies.Outcome.AWAY);
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
            case HttpContent content -> rest(content);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void head(HttpResponse head) {
        begun = true;
        reusable &= HttpUtil.isKeepAlive(head);
        HttpResponse answer = SiteAnswers.of(head, request.method(), http2, chunks, keepAlive && body.isWhole());
        goesOn = http2 ? body.isWhole() : HttpUtil.isKeepAlive(answer);
        down.write(answer);
        renewPatience();
    }

    private void rest(HttpContent content) {
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
        ChannelFuture written = down.writeAndFlush(RequestBody.alone(content));
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
            if (!room) {
                body.waits();
            }
        }
    }

    private void renewPatience() {
        patience.stop();
        Channel connection = up;
        if (connection != null && !connection.config().isAutoRead()) {
            patience.begin(PATIENCE_SECONDS, this::tooSlow);
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
        over = true;
        up = null;
        patience.stop();
        givePlace();
        tallies.requests().count(FrontTallies.Outcome.ANSWERED);
        down.writeAndFlush(switching);
        client.becameSocket(connection.channel());
        SiteConnection.becomeSocket(connection, down.channel(), tallies.sockets());
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
                && body.isWhole()
                && body.received() == 0
                && REPEATABLE.contains(request.method())) {
            // It was closed while it waited for us: the site never saw the request.
            repeated = true;
            patience.stop();
            up = null;
            giveBack(connection, false);
            body.keep(LastHttpContent.EMPTY_LAST_CONTENT);
            connect();
            return;
        }
        broken();
    }

    private void broken() {
        String words = "The site broke its answer off. Try again in a moment.";
        giveUp(FrontTallies.Outcome.BROKEN, HttpResponseStatus.BAD_GATEWAY, words);
    }

    private void tooSlow() {
        if (!over) {
            String words = "The site did not answer in time.";
            giveUp(FrontTallies.Outcome.TOO_SLOW, HttpResponseStatus.GATEWAY_TIMEOUT, words);
        }
    }

    /** Half an answer must not look like a whole one. */
    private void giveUp(FrontTallies.Outcome outcome, HttpResponseStatus status, String text) {
        reusable = false;
        if (begun) {
            end(outcome);
            client.over(false);
        } else {
            refuse(status, text, outcome);
        }
    }

    private void refuse(HttpResponseStatus status, String text, FrontTallies.Outcome outcome) {
        boolean another = (http2 || keepAlive) && body.isWhole();
        end(outcome);
        down.writeAndFlush(SiteAnswers.refusal(status, text, http2, another))
                .addListener(done -> client.over(another && done.isSuccess()));
    }

    private void end(FrontTallies.Outcome outcome) {
        over = true;
        tallies.requests().count(outcome);
        patience.stop();
        Channel connection = up;
        up = null;
        try {
            body.release();
        } finally {
            givePlace();
            if (connection != null) {
                giveBack(connection, reusable && body.isWhole());
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
