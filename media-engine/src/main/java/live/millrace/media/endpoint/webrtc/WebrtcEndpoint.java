// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.endpoint.HttpPublishAddress;
import live.millrace.media.endpoint.HttpViewer;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.sdp.MalformedSdpException;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.Offer;
import live.millrace.media.socket.ListeningSockets;
import org.jspecify.annotations.Nullable;

/**
 * WebRTC: publishers and viewers offer over HTTP (WHIP, RFC 9725, and WHEP), and media comes and goes by one socket of UDP on one event loop,
 * or, where that is blocked, over connections to the port of TCP of the same number.
 */
public final class WebrtcEndpoint implements Endpoint {
    /** The scheme of its port; there are no addresses of it. */
    public static final String SCHEME = "webrtc";

    /** Of the port where connections are waited for, from networks that let no UDP through. */
    private static final String TCP = "webrtc-tcp";

    private static final Subject.None SUBJECT = new Subject.None("the stream key decides who may publish");
    private static final Subject.None SESSION =
            new Subject.None("nobody knows a session's address but whom a stream key let publish");

    private static final Subject.Stream WATCHED = new Subject.Stream(Subject.Use.SESSION, SCHEME);
    private static final Subject.None VIEWER =
            new Subject.None("nobody knows a session's address but whom the stream let watch");

    private static final String SDP = "application/sdp";
    private static final String PARAMETER_APPLICATION = "app";
    private static final String PARAMETER_STREAM = "stream";

    /** A key frame of a good picture comes in one go; the kernel grants less where it is told to. */
    private static final int SOCKET_BUFFER = 4 * 1024 * 1024;

    /** What waits for a socket that is full. */
    private static final int UNSENT = 16 * 1024 * 1024;

    /** What waits for a connection: some tenths of a second, behind which what is new would be old. */
    private static final int UNSENT_OF_ONE = 256 * 1024;

    private static final int DATAGRAM = 2_048;
    private static final int DATAGRAMS_PER_TURN = 128;

    /** Handshakes at a time, each of which waits for its peer most of the time. Beyond, peers ask again. */
    private static final int MAX_HANDSHAKES = 64;

    private static final long CLOSE_SECONDS = 2;

    private final WebrtcConfig config;
    private final EndpointContext engine;
    private final WebrtcTallies tallies = WebrtcTallies.fresh();
    private final WebrtcPort port = new WebrtcPort(tallies);
    private final ListeningSockets sockets = new ListeningSockets();
    private final ThreadPoolExecutor handshakes = new ThreadPoolExecutor(
            0,
            MAX_HANDSHAKES,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("webrtc-handshakes-", 0).daemon().factory());
    private final Answering answering;
    private final Publishers publishers;
    private final Viewers viewers;

    private volatile @Nullable Channel socket;

    /** Nothing listens yet. */
    public WebrtcEndpoint(WebrtcConfig config, EndpointContext engine, InstantSource clock) {
        this.config = config;
        this.engine = engine;
        this.answering = new Answering(
                port, new Identities(clock, handshakes), new HostAddresses(config, handshakes), handshakes);
        this.publishers = new Publishers(engine.publishing(), answering);
        this.viewers = new Viewers(
                engine.playing(),
                engine.locator(),
                answering,
                publishers::wantPicture,
                engine.feeds().converters());
    }

    @Override
    public String name() {
        return SCHEME;
    }

    @Override
    public void register(HttpRouter router) {
        StreamAddresses addresses = new StreamAddresses(engine.naming());
        offers(router, "/whip", request -> publish(request, StreamPath.LIVE, ""));
        for (String folder : addresses.folders()) {
            offers(
                    router,
                    folder + "/{stream:any}/whip",
                    request -> publish(request, StreamAddresses.application(request), StreamAddresses.name(request)));
        }
        // As encoders are told that were set up for MediaMTX, and for SRS.
        offers(
                router,
                "/{stream:any}/whip",
                request -> publish(request, StreamPath.LIVE, StreamAddresses.name(request)));
        for (String path : List.of("/rtc/v1/whip", "/rtc/v1/whip/")) {
            offers(
                    router,
                    path,
                    request -> publish(
                            request,
                            request.parameter(PARAMETER_APPLICATION).orElse(StreamPath.LIVE),
                            request.parameter(PARAMETER_STREAM).orElse("")));
        }
        router.route(
                HttpMethod.DELETE,
                Publishers.SESSIONS + "{session}",
                SESSION,
                request -> end(publishers::end, request));
        WhepAddresses.register(router, addresses, WATCHED, this::watch);
        router.route(HttpMethod.DELETE, Viewers.SESSIONS + "{session}", VIEWER, request -> end(viewers::end, request));
    }

    private static void offers(HttpRouter router, String path, HttpRouter.Handler handler) {
        router.route(HttpMethod.POST, path, SUBJECT, Offer.MAX_LENGTH, handler);
    }

    // ---- WHIP -------------------------------------------------------------------------------------------------

    /** RFC 9725 §4.2. */
    private CompletionStage<HttpAnswer> publish(HttpRequest request, String application, String stream) {
        return offered(request, offer -> publish(request, application, stream, offer));
    }

    private CompletionStage<HttpAnswer> publish(HttpRequest request, String application, String stream, Offer offer) {
        List<AgreedMedia> agreed = AgreedMedia.received(offer);
        if (agreed.stream().allMatch(each -> each.format().isEmpty())) {
            return now(HttpAnswer.refusal(
                    HttpResponseStatus.NOT_ACCEPTABLE,
                    "Nothing that is offered can be taken: send H.264, AV1, VP9, VP8 or H.265, and Opus."));
        }
        HttpPublishAddress address = HttpPublishAddress.of(request, application, stream);
        return onLoop(() -> publishers.answer(request, address, offer, agreed));
    }

    /** What comes of an offer, if it is one. */
    private static CompletionStage<HttpAnswer> offered(
            HttpRequest request, Function<Offer, CompletionStage<HttpAnswer>> then) {
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        int semicolon = type.indexOf(';');
        if (!SDP.equalsIgnoreCase((semicolon < 0 ? type : type.substring(0, semicolon)).strip())) {
            return now(HttpAnswer.refusal(
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "An offer of WebRTC is wanted here, as " + SDP + "."));
        }
        Offer offer;
        try {
            offer = Offer.parse(request.body().toString(StandardCharsets.UTF_8));
        } catch (MalformedSdpException e) {
            return now(HttpAnswer.refusal(
                    HttpResponseStatus.BAD_REQUEST, "The offer cannot be answered: " + e.getMessage() + "."));
        }
        return then.apply(offer);
    }

    /** RFC 9725 §4.2: the end of a session. Whoever knows its address may. */
    private CompletionStage<HttpAnswer> end(Predicate<String> ending, HttpRequest request) {
        String id = request.name("session");
        return onLoop(() -> now(
                ending.test(id)
                        ? HttpAnswer.text(HttpResponseStatus.OK, "text/plain; charset=utf-8", "")
                        : HttpAnswer.notFound()));
    }

    // ---- WHEP -------------------------------------------------------------------------------------------------

    /** draft-ietf-wish-whep §4.2, with an offer of the viewer's. */
    private CompletionStage<HttpAnswer> watch(HttpRequest request, String application, String stream) {
        return offered(request, offer -> {
            Optional<StreamPath> path = engine.naming().path(application, stream);
            if (path.isEmpty()) {
                return now(StreamAddresses.badName());
            }
            if (socket == null) {
                return CompletableFuture.failedStage(new IllegalStateException("WebRTC is not listening"));
            }
            return viewers.answer(request, HttpViewer.session(request, path.get(), SCHEME), offer);
        });
    }

    private static <T> CompletionStage<T> now(T answer) {
        return CompletableFuture.completedStage(answer);
    }

    private <T> CompletionStage<T> onLoop(Supplier<CompletionStage<T>> what) {
        Channel bound = socket;
        if (bound == null) {
            return CompletableFuture.failedStage(new IllegalStateException("WebRTC is not listening"));
        }
        try {
            return CompletableFuture.supplyAsync(what, bound.eventLoop()).thenCompose(Function.identity());
        } catch (RejectedExecutionException stopped) {
            return CompletableFuture.failedStage(stopped);
        }
    }

    // ---- life -------------------------------------------------------------------------------------------------

    @Override
    public void start() {
        Bootstrap bootstrap = engine.listening()
                .datagrams()
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(DATAGRAM).maxMessagesPerRead(DATAGRAMS_PER_TURN))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(UNSENT / 2, UNSENT))
                .handler(port);
        sockets.open(SCHEME, bootstrap, config.host(), config.port());
        Channel bound = port.socket();
        int number = config.port() == 0 ? 0 : port.udpPort();
        sockets.open(
                TCP,
                engine.listening()
                        .bootstrap(bound.eventLoop())
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(UNSENT_OF_ONE / 2, UNSENT_OF_ONE))
                        .childHandler(new TcpListener(port, engine.publishing().limits())),
                config.host(),
                number);
        port.waitsAt(sockets.ports().getOrDefault(TCP, 0));
        socket = bound;
    }

    @Override
    public Map<String, Integer> ports() {
        return sockets.ports();
    }

    @Override
    public int connections() {
        return port.open();
    }

    /** What was counted since the start. */
    public WebrtcTallies tallies() {
        return tallies;
    }

    @Override
    public void meters(Meters meters) {
        meters.gauge("millrace.webrtc.connections.open", "peers of WebRTC", port, WebrtcPort::open);
        meters.tally("millrace.webrtc.connections", "outcome", "what became of peers of WebRTC", tallies.connections());
        meters.tally("millrace.webrtc.packets", "what", "what became of packets of WebRTC", tallies.packets());
        meters.bytes("millrace.webrtc.received", "received over WebRTC", tallies.received());
        meters.bytes("millrace.webrtc.sent", "sent over WebRTC", tallies.sent());
    }

    /** {@inheritDoc} WebRTC has no word for coming back later: publishers offer anew when they are closed. */
    @Override
    public CompletionStage<Void> drain() {
        stopAccepting();
        return socket == null ? CompletableFuture.completedStage(null) : onLoop(publishers::askToLeave);
    }

    @Override
    public void stopAccepting() {
        answering.stopAccepting();
    }

    @Override
    public void disconnect() {
        if (socket != null) {
            onLoop(() -> {
                        publishers.endAll();
                        viewers.endAll();
                        return now(true);
                    })
                    .toCompletableFuture()
                    .completeOnTimeout(false, CLOSE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(_ -> false)
                    .join();
        }
        sockets.close();
    }

    @Override
    public void close() {
        handshakes.shutdownNow();
    }
}
