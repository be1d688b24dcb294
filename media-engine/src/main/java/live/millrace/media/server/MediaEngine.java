// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import live.millrace.media.access.PlaySession;
import live.millrace.media.audience.Audience;
import live.millrace.media.control.EventRelay;
import live.millrace.media.control.StreamControl;
import live.millrace.media.endpoint.hls.HlsEndpoint;
import live.millrace.media.endpoint.progressive.ProgressiveEndpoint;
import live.millrace.media.endpoint.rtmp.RtmpListener;
import live.millrace.media.endpoint.rtmp.RtmpTallies;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.http.HttpTallies;
import live.millrace.media.hub.Arrivals;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.metrics.EngineMetrics;
import live.millrace.media.segment.KeyFrameSnapshot;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Periodic;
import live.millrace.media.socket.Shortage;
import live.millrace.media.tls.TlsContexts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The media engine: RTMP in, every live protocol of viewers out. Started once, closed once, from any thread. */
public final class MediaEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaEngine.class);

    /** Publishers and viewers get so long to take their goodbye. */
    private static final long QUIET_MILLIS = 100;

    private static final long SHUTDOWN_SECONDS = 5;
    private static final long SWEEP_SECONDS = 5;
    private static final long SNAPSHOT_SECONDS = 2;

    /** A certificate that was renewed is in force after so long at most. */
    private static final long RENEW_SECONDS = 60;

    /** A viewer who comes before the publisher waits for so long. */
    private static final Duration PLAY_BEFORE_PUBLISH = Duration.ofSeconds(15);

    private static final long DRAIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final Shortage shortage = new Shortage(System::nanoTime);
    private final StreamRegistry registry;
    private final @Nullable TlsContexts tls;
    private final Audience audience;
    private final Feeds feeds;
    private final HlsEndpoint hls;
    private final List<String> httpEndpoints;
    private final EventRelay events;
    private final StreamControl control;
    private final RtmpListener rtmp;
    private final HttpServer http;

    private final LoopWatchdog watchdog;

    private MediaEngine(EngineConfig config, EnginePorts ports) {
        Transport transport = config.transport().resolve();
        InstantSource clock = InstantSource.system();
        TlsContexts contexts =
                config.tls().map(each -> new TlsContexts(each.certificate())).orElse(null);
        tls = contexts;
        // Each viewer of an address may have a socket, and each socket a viewer.
        audience = new Audience(
                new Audience.Limits(
                        config.http().maxConnectionsPerAddress(), config.http().limitPrivate()),
                ports.playAuthorizer(),
                ports.playObserver(),
                clock,
                System::nanoTime);
        feeds = new Feeds(config.fanout());
        Arrivals arrivals = new Arrivals(PLAY_BEFORE_PUBLISH);
        events = new EventRelay(ports.listener(), this::viewers);
        StreamRegistry[] streams = new StreamRegistry[1];
        hls = new HlsEndpoint(config.hls(), clock, audience, path -> streams[0].find(path));
        // Ways out before events: whoever hears that a stream is live can play it.
        registry = new StreamRegistry(config.hub(), List.of(hls, arrivals, events), clock);
        streams[0] = registry;
        control = new StreamControl(registry, this::viewers);
        HttpRouter router = new HttpRouter();
        hls.register(router);
        new ProgressiveEndpoint(audience, arrivals, feeds, registry::find).register(router);
        httpEndpoints = router.endpoints();
        acceptor = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("engine-accept", true), transport.ioHandlerFactory());
        workers = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("engine-io", true),
                transport.ioHandlerFactory());
        Listening listening = new Listening(acceptor, workers, transport.serverChannel(), shortage);
        try {
            rtmp = listen(
                    "rtmp",
                    config.rtmp().port(),
                    () -> RtmpListener.bind(
                            config.rtmp(),
                            listening,
                            registry,
                            ports.publishAuthorizer(),
                            ports.publishObserver(),
                            new RtmpListener.Playing(audience, arrivals, feeds),
                            contexts == null ? null : contexts::rtmp,
                            config.tls().map(TlsConfig::rtmpPort).orElse(0)));
            http = listen(
                    "http",
                    config.http().port(),
                    () -> HttpServer.bind(
                            config.http(),
                            listening,
                            router,
                            contexts == null ? null : contexts::http,
                            config.tls().map(TlsConfig::httpPort).orElse(0)));
        } catch (RuntimeException e) {
            stopLoops();
            hls.close();
            events.close();
            throw e;
        }
        watchdog = new LoopWatchdog(workers);
        Periodic.unfailing(acceptor, "sweep of viewers", audience::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
        if (contexts != null) {
            // On a thread of its own: reading files is no work for a loop.
            Periodic.unfailing(
                    acceptor,
                    "look at the certificates",
                    () -> Thread.ofPlatform().name("certificates").daemon().start(contexts::renew),
                    RENEW_SECONDS,
                    TimeUnit.SECONDS);
            LOG.info("RTMPS on port {}, HTTPS on port {}", rtmp.tlsPort(), http.tlsPort());
        }
        LOG.info("Media engine: RTMP on port {}, HTTP on port {}, transport {}", rtmp.port(), http.port(), transport);
    }

    /**
     * Starts an engine.
     *
     * @throws PortInUseException if one of its ports is taken
     * @throws IllegalArgumentException if a setting cannot be had on this machine
     */
    public static MediaEngine start(EngineConfig config, EnginePorts ports) {
        return new MediaEngine(config, ports);
    }

    private static <T> T listen(String name, int port, Supplier<T> bind) {
        try {
            return bind.get();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Netty throws what the transport threw, undeclared.
            throw new PortInUseException(name, port, e);
        }
    }

    public int rtmpPort() {
        return rtmp.port();
    }

    public int httpPort() {
        return http.port();
    }

    /** For RTMPS; 0 when there is none. */
    public int rtmpsPort() {
        return rtmp.tlsPort();
    }

    /** For HTTPS and WSS; 0 when there is none. */
    public int httpsPort() {
        return http.tlsPort();
    }

    /** Takes over a renewed certificate now. Blocks for files. */
    public void renewCertificate() {
        if (tls != null) {
            tls.renew();
        }
    }

    /** Open RTMP sockets. */
    public int rtmpConnections() {
        return rtmp.connections();
    }

    /** Open HTTP sockets. */
    public int httpConnections() {
        return http.connections();
    }

    /** What to tell, in listeners beside the engine, when there are no descriptors left. */
    public Shortage shortage() {
        return shortage;
    }

    public StreamControl control() {
        return control;
    }

    private int viewers(StreamPath path) {
        return audience.count(path.name());
    }

    /**
     * The newest key frame of a channel's stream as a fragmented MP4 of one picture: for a still image. Empty while there is none.
     * Blocks for the stream's thread.
     */
    public Optional<byte[]> newestKeyFrame(String channel) {
        Optional<LiveStream> stream = StreamPath.of(channel).flatMap(registry::find);
        if (stream.isEmpty()) {
            return Optional.empty();
        }
        try {
            return KeyFrameSnapshot.of(stream.get()).get(SNAPSHOT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /**
     * The segments of a channel's last seconds, copied, the oldest first: to keep what was seen. As many as can still be fetched;
     * empty while there is none. Blocks for files at most.
     */
    public List<byte[]> recentSegments(String channel, Duration length) {
        return StreamPath.of(channel)
                .map(path -> hls.recentSegments(path, length))
                .orElseGet(List::of);
    }

    /** Method and pattern of everything that the media port answers. All of it is for everybody who may play. */
    public List<String> httpEndpoints() {
        return httpEndpoints;
    }

    /** Everybody who watches. */
    public List<PlaySession> playSessions() {
        return audience.sessions();
    }

    /** Refuses a play session from now on; answers whether there was one. */
    public boolean stopPlaying(UUID sessionId) {
        return audience.stop(sessionId);
    }

    /** Binds all meters of this engine; once for a registry. */
    public MeterBinder metrics() {
        return new EngineMetrics(registry, this::viewers, feeds, rtmp, http, watchdog::stalls);
    }

    /** How often an event loop was held up for more than 100 ms by its own work. */
    public long loopStalls() {
        return watchdog.stalls();
    }

    /** What RTMP counted. */
    public RtmpTallies rtmpTallies() {
        return rtmp.tallies();
    }

    /** What HTTP counted. */
    public HttpTallies httpTallies() {
        return http.tallies();
    }

    /**
     * Takes no new publishers, and lets go of those who are there: who can be asked to connect anew is asked, and sends on until it has
     * left, so that it loses nothing; the others are sent away. Streams wait for them and viewers stay.
     *
     * @param time how long to wait for those who were asked
     */
    public void releasePublishers(Duration time) {
        rtmp.stopAccepting();
        try {
            rtmp.requestReconnects().get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Not every encoder that was asked to reconnect has left");
        }
        registry.release();
    }

    /**
     * Lets go of publishers, while viewers can fetch what is left. Waits until none is connected.
     *
     * @param time how long at most; publishers have half of it
     */
    public void drain(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        releasePublishers(time.dividedBy(2));
        while (http.connections() > 0
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(DRAIN_LOOK_NANOS);
        }
    }

    /** Says goodbye to publishers, closes all sockets, delivers the last events, removes segments. */
    @Override
    public void close() {
        watchdog.close();
        rtmp.stopAccepting();
        registry.close();
        rtmp.close();
        http.close();
        stopLoops();
        audience.close();
        events.close();
        hls.close();
    }

    private void stopLoops() {
        acceptor.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        workers.shutdownGracefully(QUIET_MILLIS, SHUTDOWN_SECONDS * 1000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
