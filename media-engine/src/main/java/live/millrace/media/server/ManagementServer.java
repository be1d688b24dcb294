// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;

/** An HTTP server with a thread of its own, so that management answers whatever the media loops have to do. */
public final class ManagementServer implements AutoCloseable {
    private static final long SHUTDOWN_SECONDS = 2;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("engine-management", true), NioIoHandler.newFactory());
    private final HttpServer server;

    private ManagementServer(HttpConfig config, HttpRouter router, Shortage shortage) {
        try {
            server = HttpServer.bind("api", config, Listening.nio(loop, shortage), router);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    /**
     * Binds and listens.
     *
     * @param shortage that of the engine beside it: both have the same descriptors
     * @throws live.millrace.media.socket.PortInUseException if the port is taken
     */
    public static ManagementServer start(HttpConfig config, HttpRouter router, Shortage shortage) {
        return new ManagementServer(config, router, shortage);
    }

    public int port() {
        return server.port();
    }

    private void stop() {
        loop.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.close();
        stop();
    }
}
