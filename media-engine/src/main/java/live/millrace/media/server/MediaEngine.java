// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.EventRelay;
import live.millrace.media.control.StreamControl;
import live.millrace.media.endpoint.hls.HlsEndpoint;
import live.millrace.media.endpoint.rtmp.RtmpListener;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.hub.StreamRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The media engine: RTMP in, HLS out. Started once, closed once, from any thread. */
public final class MediaEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaEngine.class);

    /** Publishers and viewers get so long to take their goodbye. */
    private static final long QUIET_MILLIS = 100;

    private static final long SHUTDOWN_SECONDS = 5;

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final StreamRegistry registry;
    private final HlsEndpoint hls;
    private final EventRelay events;
    private final StreamControl control;
    private final RtmpListener rtmp;
    private final HttpServer http;

    private MediaEngine(
            EngineConfig config, PublishAuthorizer authorizer, PublishObserver observer, EngineListener listener) {
        Transport transport = config.transport().resolve();
        InstantSource clock = InstantSource.system();
        hls = new HlsEndpoint(config.hls(), clock);
        events = new EventRelay(listener, hls::viewers);
        // HLS before events: whoever hears that a stream is live can play it.
        registry = new StreamRegistry(config.hub(), List.of(hls, events), clock);
        control = new StreamControl(registry, hls::viewers);
        HttpRouter router = new HttpRouter();
        hls.register(router);
        acceptor = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("engine-accept", true), transport.ioHandlerFactory());
        workers = new MultiThreadIoEventLoopGroup(
                Math.max(2, Runtime.getRuntime().availableProcessors()),
                new DefaultThreadFactory("engine-io", true),
                transport.ioHandlerFactory());
        try {
            rtmp = listen(
                    "rtmp",
                    config.rtmp().port(),
                    () -> RtmpListener.bind(
                            config.rtmp(),
                            acceptor,
                            workers,
                            transport.serverChannel(),
                            registry,
                            authorizer,
                            observer));
            http = listen(
                    "http",
                    config.http().port(),
                    () -> HttpServer.bind(config.http(), acceptor, workers, transport.serverChannel(), router));
        } catch (RuntimeException e) {
            stopLoops();
            hls.close();
            events.close();
            throw e;
        }
        LOG.info("Media engine: RTMP on port {}, HTTP on port {}, transport {}", rtmp.port(), http.port(), transport);
    }

    /**
     * Starts an engine.
     *
     * @throws PortInUseException if one of its ports is taken
     * @throws IllegalArgumentException if a setting cannot be had on this machine
     */
    public static MediaEngine start(
            EngineConfig config, PublishAuthorizer authorizer, PublishObserver observer, EngineListener listener) {
        return new MediaEngine(config, authorizer, observer, listener);
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

    /** Open RTMP sockets. */
    public int rtmpConnections() {
        return rtmp.connections();
    }

    /** Open HTTP sockets. */
    public int httpConnections() {
        return http.connections();
    }

    public StreamControl control() {
        return control;
    }

    /** Says goodbye to publishers, closes all sockets, delivers the last events, removes segments. */
    @Override
    public void close() {
        rtmp.stopAccepting();
        registry.close();
        rtmp.close();
        http.close();
        stopLoops();
        events.close();
        hls.close();
    }

    private void stopLoops() {
        acceptor.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        workers.shutdownGracefully(QUIET_MILLIS, SHUTDOWN_SECONDS * 1000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
