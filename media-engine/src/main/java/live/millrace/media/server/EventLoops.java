// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;

/** The engine's threads for sockets: one that accepts, and one for each processor that reads and writes. */
final class EventLoops implements AutoCloseable {
    /** Publishers and viewers get so long to take their goodbye. */
    private static final long QUIET_MILLIS = 100;

    private static final long SHUTDOWN_SECONDS = 5;

    private final int count = Runtime.getRuntime().availableProcessors();
    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;
    private final Listening listening;

    /** @param transport one that is available */
    EventLoops(Transport transport, Shortage shortage) {
        acceptor = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("engine-accept", true), transport.ioHandlerFactory());
        workers = new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory("engine-io", true), transport.ioHandlerFactory());
        listening = new Listening(acceptor, workers, transport.serverChannel(), transport.datagramChannel(), shortage);
    }

    /** For what is done now and then, and short. */
    EventLoopGroup acceptor() {
        return acceptor;
    }

    EventLoopGroup workers() {
        return workers;
    }

    /** How many workers there are. */
    int count() {
        return count;
    }

    /** What endpoints listen with. */
    Listening listening() {
        return listening;
    }

    /** Blocks until what the workers have to do is done, {@value #SHUTDOWN_SECONDS} s at most. */
    @Override
    public void close() {
        acceptor.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        workers.shutdownGracefully(QUIET_MILLIS, SHUTDOWN_SECONDS * 1_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
