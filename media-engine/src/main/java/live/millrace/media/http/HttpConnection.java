// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.WriteTimeoutException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.NamedProxies;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP connection: requests in turn, each answered before the next is looked at. Confined to its event loop. */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> implements Idling {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /** Requests that wait behind the one that is answered; a client that pipelines more is closed. */
    private static final int MAX_PIPELINED = 32;

    /** What all connections of a server share. */
    record Context(HttpRouter router, HttpConfig config, ClientLimits limits, HttpTallies tallies, SharedFiles files) {}

    private final HttpRouter router;
    private final HttpConfig config;
    private final ClientLimits limits;
    private final HttpTallies tallies;
    private final ResponseWriter writer;
    private final boolean http2;
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean inputClosed;

    /** The client may be sending what is not read any more. */
    private boolean unread;

    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ChannelHandlerContext context;

    /** The answer that is waited for or written, if whoever gets it may be sent away meanwhile. */
    private @Nullable GuardedAnswer guarded;

    /** Read by other threads. */
    private volatile long idleSince;

    /** @param http2 the channel is one stream of an HTTP/2 connection */
    HttpConnection(Context context, boolean http2) {
        this.router = context.router();
        this.config = context.config();
        this.limits = context.limits();
        this.tallies = context.tallies();
        this.http2 = http2;
        this.writer = new ResponseWriter(context, http2, this::written);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        awaitRequest(ctx);
    }

    /** Since when it waits for a request; 0 while it answers one. */
    long idleSince() {
        return idleSince;
    }

    @Override
    public long idleNanos(long now) {
        long since = idleSince;
        return since == 0 ? 0 : now - since;
    }

    @Override
    public void closeIfIdle(Runnable stays) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(() -> {
                if (idleSince != 0) {
                    ctx.close();
                } else {
                    stays.run();
                }
            });
        }
    }

    private void awaitRequest(ChannelHandlerContext ctx) {
        long now = System.nanoTime();
        idleSince = now == 0 ? 1 : now;
        deadline = ctx.executor()
                .schedule(
                        () -> ctx.close(),
                        // A stream of HTTP/2 begins with its header.
                        (http2 ? config.arrivalTimeout() : config.requestTimeout()).toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (busy) {
            if (waiting.size() >= MAX_PIPELINED) {
                ctx.close();
                return;
            }
            waiting.add(request.retain());
            return;
        }
        serve(ctx, request);
    }

    private void serve(ChannelHandlerContext ctx, FullHttpRequest request) {
        busy = true;
        idleSince = 0;
        stopDeadline();
        HttpMethod method = request.method();
        String target = HttpRouter.originForm(request.uri());
        Optional<PathTicket> ticket = PathTicket.of(target);
        boolean goesOn = HttpUtil.isKeepAlive(request) && !(request instanceof RequestBodies.UploadHead);
        Asked asked = new Asked(request.headers(), goesOn, method.equals(HttpMethod.HEAD), ticket.isPresent());
        if (request.decoderResult().isFailure()) {
            // Where the next request begins is not known any more.
            unread = true;
            writer.send(
                    ctx,
                    asked.last(),
                    RequestBodies.unreadable(request.decoderResult().cause()));
            return;
        }
        if (!limits.allows(remote(ctx).getAddress())) {
            writer.send(ctx, asked, HttpAnswer.tooMany());
            return;
        }
        String uri = ticket.isEmpty() ? target : PathTicket.without(target);
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        if (method.equals(HttpMethod.OPTIONS)) {
            writer.sendOptions(ctx, router.allowed(path, ticket.isPresent()), asked);
            return;
        }
        switch (router.match(method, path, ticket.isPresent())) {
            case HttpRouter.Match.Unknown _ -> writer.send(ctx, asked, HttpAnswer.notFound());
            case HttpRouter.Match.OtherMethods _ ->
                writer.send(
                        ctx,
                        asked,
                        HttpAnswer.refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "Not with this method.")
                                .with(
                                        "Allow",
                                        router.allowed(path, ticket.isPresent()).orElse("")));
            case HttpRouter.Match.Found found -> {
                Optional<HttpRequest> parsed = HttpRequest.of(
                        request, found, mark < 0 ? "" : uri.substring(mark + 1), remote(ctx), encrypted(ctx), ticket);
                if (parsed.isEmpty()) {
                    writer.send(ctx, asked, HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, "The query is broken."));
                    return;
                }
                pass(ctx, request, parsed.get(), found, asked);
            }
        }
    }

    /** Asks the gate, and goes on to the target of who may pass. The request is borrowed. */
    private void pass(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpRequest parsed,
            HttpRouter.Match.Found found,
            Asked asked) {
        CompletionStage<Gate.Passage> deciding = router.ask(found.subject(), parsed, ctx.channel());
        if (deciding.equals(Gate.FREE)) {
            reach(ctx, request, parsed, found.target(), Gate.Passage.FREE, asked);
            return;
        }
        FullHttpRequest held = request.retain();
        Answers.takeAtOnce(ctx.channel(), deciding, (passage, failure) -> {
            try {
                switch (passage) {
                    case Gate.Passage.Open open -> reach(ctx, held, parsed, found.target(), open, asked);
                    case Gate.Passage.Refused(HttpAnswer answer) -> writer.send(ctx, asked, answer);
                    case null -> answered(ctx, asked, null, failure);
                }
            } finally {
                held.release();
            }
        });
    }

    private void reach(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpRequest parsed,
            HttpRouter.Target target,
            Gate.Passage.Open passage,
            Asked asked) {
        switch (target) {
            case HttpRouter.Target.Answers(HttpRouter.Handler handler) -> {
                if (passage instanceof Gate.Passage.Held held) {
                    guard(ctx, parsed, handler, held, asked);
                    return;
                }
                Answers.takeAtOnce(ctx.channel(), handler.handle(parsed), (answer, failure) -> {
                    Optional<HttpAnswer> revoked = passage.revoked();
                    if (answer != null && revoked.isPresent()) {
                        answer.release();
                    }
                    answered(ctx, asked, answer == null ? null : revoked.orElse(answer), failure);
                });
            }
            case HttpRouter.Target.Streams(HttpStream.Handler handler) ->
                stream(ctx, request, parsed, handler, passage, asked);
            case HttpRouter.Target.Uploads(HttpUpload.Handler handler) -> {
                dropWaiting();
                UploadConnection.begin(ctx, request, parsed, handler, tallies, http2);
            }
        }
    }

    /** Answers one who may be sent away meanwhile. */
    private void guard(
            ChannelHandlerContext ctx,
            HttpRequest parsed,
            HttpRouter.Handler handler,
            Gate.Passage.Held passage,
            Asked asked) {
        GuardedAnswer guard = new GuardedAnswer(ctx, passage, refusal -> answered(ctx, asked, refusal, null));
        guarded = guard;
        Answers.takeAtOnce(ctx.channel(), handler.handle(parsed), (answer, failure) -> {
            if (guard.comes()) {
                answered(ctx, guard.by(asked), answer, failure);
            } else if (answer != null) {
                answer.release();
            }
        });
    }

    /** The answer has left, or never will. */
    private void unguard() {
        GuardedAnswer guard = guarded;
        guarded = null;
        if (guard != null) {
            guard.over();
        }
    }

    private void stream(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpRequest parsed,
            HttpStream.Handler handler,
            Gate.Passage.Open passage,
            Asked asked) {
        CompletionStage<HttpStream> opening = handler.open(parsed);
        FullHttpRequest held = request.retain(); // from here on: the handler may throw
        Answers.takeAtOnce(ctx.channel(), opening, (stream, failure) -> {
            try {
                if (stream instanceof HttpStream.Accepted accepted) {
                    boolean exclusive = passage instanceof Gate.Passage.Held one && one.exclusive();
                    begin(ctx, held, accepted, parsed.wantsWebSocket(), exclusive ? asked.alone() : asked);
                } else {
                    passage.unused();
                    HttpAnswer refusal = stream instanceof HttpStream.Refused(HttpAnswer answer) ? answer : null;
                    answered(ctx, asked, refusal, failure);
                }
            } finally {
                held.release();
            }
        });
    }

    /** Turns the connection into the stream. The request is borrowed. */
    private void begin(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpStream.Accepted accepted,
            boolean webSocket,
            Asked asked) {
        if (!ctx.channel().isActive()) {
            return; // the client left in the meantime
        }
        dropWaiting();
        if (webSocket) {
            writer.switchedProtocols();
            StreamUpgrade.webSocket(ctx, request, accepted.source(), asked.exclusive());
            return;
        }
        HttpResponse start = writer.streamHead(accepted.contentType(), asked.exclusive());
        if (asked.head()) {
            ctx.writeAndFlush(start).addListener(ChannelFutureListener.CLOSE);
        } else {
            StreamUpgrade.http(ctx, start, http2, accepted.source());
        }
    }

    private void dropWaiting() {
        List<FullHttpRequest> dropped = List.copyOf(waiting);
        waiting.clear();
        Releasing.all(dropped);
    }

    private static InetSocketAddress remote(ChannelHandlerContext ctx) {
        return Objects.requireNonNull(NamedProxies.clientOf(ctx.channel()), "an address: it was let in by it");
    }

    private static boolean encrypted(ChannelHandlerContext ctx) {
        Channel parent = ctx.channel().parent(); // of HTTP/2, the connection that its streams share
        return ctx.pipeline().get(SslHandler.class) != null
                || (parent != null && parent.pipeline().get(SslHandler.class) != null);
    }

    private void answered(
            ChannelHandlerContext ctx, Asked asked, @Nullable HttpAnswer answer, @Nullable Throwable failure) {
        if (answer == null) {
            LOG.warn("An HTTP request failed", failure);
            writer.send(
                    ctx,
                    asked.last(),
                    HttpAnswer.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "This failed, by our fault."));
        } else {
            writer.send(ctx, asked, answer);
        }
    }

    /** Goes on with the next request when the answer has left. */
    private void written(ChannelFuture answer, boolean keepAlive) {
        ChannelHandlerContext ctx = Objects.requireNonNull(context);
        answer.addListener(written -> {
            unguard();
            if (unread && written.isSuccess()) {
                LingeringClose.begin(ctx.channel(), http2);
                return;
            }
            if (!keepAlive || !written.isSuccess()) {
                ctx.close();
                return;
            }
            busy = false;
            FullHttpRequest next = waiting.poll();
            if (next == null) {
                if (inputClosed) {
                    ctx.close();
                } else {
                    awaitRequest(ctx);
                }
                return;
            }
            boolean served = false;
            try {
                serve(ctx, next);
                served = true;
            } finally {
                next.release();
                if (!served) {
                    ctx.close(); // what fails here passes no pipeline
                }
            }
        });
    }

    /** Another answers this client for now, or has done so. */
    private void lent(ChannelHandlerContext ctx, Lending lending) {
        busy = lending == Lending.LENT;
        if (busy) {
            idleSince = 0;
            stopDeadline();
        } else if (inputClosed) {
            ctx.close();
        } else {
            awaitRequest(ctx);
        }
    }

    private void stopDeadline() {
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** The client has asked all it wanted and may still read: what was asked is answered, then the socket closes. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Lending lending) {
            lent(ctx, lending);
            return;
        }
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            if (!busy) {
                ctx.close();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopDeadline();
        try {
            unguard();
            dropWaiting();
        } finally {
            ctx.fireChannelInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof WriteTimeoutException) {
            LOG.debug("HTTP client {} does not read", ctx.channel().remoteAddress());
            tallies.answers().count(HttpTallies.Answer.NOT_READING);
            ctx.close();
        } else if (cause instanceof Http2Exception) {
            LOG.debug("HTTP/2 of {} is broken: {}", ctx.channel(), cause.toString());
            tallies.answers().count(HttpTallies.Answer.MALFORMED);
            ctx.close();
        } else if (cause instanceof IOException || cause instanceof CodecException) {
            LOG.debug("HTTP connection from {} lost: {}", ctx.channel().remoteAddress(), cause.toString());
            ctx.close();
        } else {
            LOG.warn("Closing {} after an error of ours", ctx.channel(), cause);
            ctx.close();
        }
    }
}
