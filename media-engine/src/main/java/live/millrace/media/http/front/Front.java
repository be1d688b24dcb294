// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import live.millrace.media.http.Crossing;
import live.millrace.media.http.HttpRouter;

/**
 * Passes on to the site what the engine's routes do not know, on a port where both are reached. Thread-safe. What it stands in front of is on this
 * machine, trusts it about its clients, and listens to nobody else who would say the same.
 */
public final class Front implements Crossing, AutoCloseable {
    /** Requests that the site answers at a time: more than it has threads. */
    private static final int MOST_REQUESTS = 1_024;

    /** Bodies that still come, of these: fewer than it has threads. */
    private static final int MOST_BODIES = 100;

    private final HttpRouter router;
    private final Site site;
    private final FrontTallies tallies = FrontTallies.fresh();

    /**
     * A front of some routes.
     *
     * @param router what it knows is media's
     * @param socket of the event loops' kind
     * @param loops how many there are
     * @param address where the site listens; empty until it does, and asked again then
     */
    public Front(
            HttpRouter router,
            Class<? extends SocketChannel> socket,
            int loops,
            Supplier<Optional<InetSocketAddress>> address) {
        this.router = router;
        this.site = new Site(socket, address, Math.max(1, MOST_REQUESTS / loops), Math.max(1, MOST_BODIES / loops));
    }

    @Override
    public ChannelHandler handler(boolean http2) {
        return new FrontConnection(router::knows, site, tallies, http2);
    }

    /** What was counted since the start. */
    public FrontTallies tallies() {
        return tallies;
    }

    @Override
    public void close() {
        site.close();
    }
}
