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
 * looked at: a name server that answers otherwise the next time gains nothing. Nobody is sent to this machine's own ports, to what answers
 * for its cloud, or to groups; to private networks only who may go there.
 *
 * <p>Thread-safe; resolves on threads of its own, since that may take seconds.
 */
public final class AddressGuard implements AutoCloseable {
    /** Finds the addresses of a name. Blocks. */
    @FunctionalInterface
    interface Resolver {
        List<InetAddress> resolve(String name) throws UnknownHostException;
    }

    /** A resolver that hangs holds up as many names, and no more. */
    private static final int THREADS = 8;

    /** Beyond it, nobody gets an answer in his time anyway. */
    private static final int WAITING = 1_024;

    private final Resolver resolver;
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
        this(name -> List.of(InetAddress.getAllByName(name)));
    }

    AddressGuard(Resolver resolver) {
        this.resolver = resolver;
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

    /**
     * Whether whoever may go to private networks may be connected to a device that said it is there: in one of those, or on this machine where
     * that is allowed, and no port of this server. Resolves nothing.
     */
    public boolean neighbour(InetSocketAddress address) {
        InetAddress at = address.getAddress();
        try {
            return at != null
                    && AddressRules.of(at) != AddressRules.Kind.PUBLIC
                    && may(at, address.getPort(), SourceAddress.Reach.PRIVATE);
        } catch (SocketException unknown) {
            return false;
        }
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

    private boolean may(InetAddress address, int port, SourceAddress.Reach reach) throws SocketException {
        boolean inReach = switch (AddressRules.of(address)) {
            case PUBLIC -> true;
            case PRIVATE -> reach == SourceAddress.Reach.PRIVATE;
            case LOOPBACK -> loopback;
            case FORBIDDEN -> false;
        };
        return inReach && !(own.contains(port) && isOurs(address));
    }

    private static boolean isOurs(InetAddress address) throws SocketException {
        return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
