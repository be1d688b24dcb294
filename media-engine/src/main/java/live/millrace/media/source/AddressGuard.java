// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Stands between what people name and what this server connects to. A name is resolved once, and the connection goes to the address that was
 * looked at: a name server that answers otherwise the next time gains nothing. Nobody is sent to this machine by any of its addresses, to what
 * answers for its cloud, or to groups; to private networks only who may go there.
 *
 * <p>Thread-safe; resolves on threads of its own, since that may take seconds.
 */
public final class AddressGuard implements AutoCloseable {
    /** Finds the addresses of a name. Blocks. */
    @FunctionalInterface
    interface Resolver {
        List<InetAddress> resolve(String name) throws UnknownHostException;
    }

    /** Knows which addresses are this machine's. */
    @FunctionalInterface
    interface Ours {
        boolean has(InetAddress address) throws SocketException;
    }

    /** A resolver that hangs holds up as many names, and no more. */
    private static final int THREADS = 8;

    /** Beyond it, nobody gets an answer in his time anyway. */
    private static final int WAITING = 1_024;

    private final Resolver resolver;
    private final Ours ours;
    private final Set<Integer> own = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("source-names-", 0).daemon().factory());

    private volatile boolean loopback;

    /** With the names of this machine's resolver. */
    public AddressGuard() {
        this(name -> List.of(InetAddress.getAllByName(name)), AddressGuard::isOurs);
    }

    AddressGuard(Resolver resolver, Ours ours) {
        this.resolver = resolver;
        this.ours = ours;
        threads.allowCoreThreadTimeOut(true);
    }

    /** A port that this server listens on: it is refused on every address of this machine. */
    public void own(int port) {
        own.add(port);
    }

    /** Whether this machine may be named, but for the server's own ports: for development. Not, unless said. */
    public void loopback(boolean allowed) {
        loopback = allowed;
    }

    /**
     * Finds where an address is, if somebody may go there.
     *
     * @param usualPort of its scheme
     * @param before run on the thread that resolves, and may block
     * @return completes on any thread; fails with a {@link ForbiddenAddressException}, or an {@link IOException} when nobody is there
     */
    CompletableFuture<InetSocketAddress> locate(URI uri, int usualPort, SourceAddress.Reach reach, Runnable before) {
        CompletableFuture<InetSocketAddress> found = new CompletableFuture<>();
        try {
            HostName host = HostName.of(uri);
            int said = HostName.port(uri);
            int port = said < 0 ? usualPort : said;
            threads.execute(() -> {
                try {
                    before.run();
                    found.complete(locate(host, port, reach));
                } catch (IOException | RuntimeException e) {
                    found.completeExceptionally(e);
                }
            });
        } catch (ForbiddenAddressException e) {
            found.completeExceptionally(e);
        } catch (RejectedExecutionException full) {
            found.completeExceptionally(new IOException("too many names at once", full));
        }
        return found;
    }

    private InetSocketAddress locate(HostName host, int port, SourceAddress.Reach reach) throws IOException {
        List<InetAddress> addresses =
                host.literal().isPresent() ? List.of(host.literal().get()) : resolver.resolve(host.text());
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host.text());
        }
        for (InetAddress address : addresses) {
            if (may(address, port, reach)) {
                return new InetSocketAddress(address, port);
            }
        }
        throw new ForbiddenAddressException("an address that may not be asked for");
    }

    private boolean may(InetAddress said, int port, SourceAddress.Reach reach) throws SocketException {
        InetAddress address = AddressRules.unwrapped(said);
        // What else listens here counts on a firewall, which does not stand between this machine and itself.
        if (ours.has(address) && (!loopback || own.contains(port))) {
            return false;
        }
        return switch (AddressRules.of(address)) {
            case PUBLIC -> true;
            case PRIVATE -> reach == SourceAddress.Reach.PRIVATE;
            case LOOPBACK -> loopback;
            case FORBIDDEN -> false;
        };
    }

    static boolean isOurs(InetAddress address) throws SocketException {
        return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
