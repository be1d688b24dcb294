// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between two programs of a test: a relay on a free port of this machine, since kernels in containers have no netem. One for
 * datagrams loses, delays, reorders and doubles by a seed; one for connections is slow and stalls. Threads of its own, which end with it.
 */
public final class ImpairedLink implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int LARGEST = 65_536;
    private static final int SOCKET_BUFFER = 4 * 1024 * 1024;
    private static final int PIECE = 1_024;

    /**
     * What a connection has in each direction.
     *
     * @param bytesPerSecond 0: as fast as can be
     * @param stallEvery so many bytes, it stands still; 0: never
     * @param stall for how long
     */
    public record Throttle(long bytesPerSecond, long stallEvery, Duration stall) {
        /** Slow, and steady. */
        public static Throttle rate(long bytesPerSecond) {
            return new Throttle(bytesPerSecond, 0, Duration.ZERO);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private final Set<AutoCloseable> sockets = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("impaired-link").daemon().unstarted(task));
    private final AtomicLong carried = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean down;
    private final int port;

    /** By their senders, the sockets that datagrams leave by. */
    private final Map<SocketAddress, DatagramSocket> outgoing = new HashMap<>();

    private Impairment back = Impairment.none();
    private @Nullable DatagramSocket nearby;

    private ImpairedLink(int port, AutoCloseable listening) {
        this.port = port;
        sockets.add(listening);
    }

    // ---- datagrams ---------------------------------------------------------------------------------------------

    /**
     * Relays datagrams to a port of this machine, each sender from a socket of its own.
     *
     * @param there what happens on the way to the port
     * @param back what happens on the way from it
     */
    public static ImpairedLink udp(int target, Impairment there, Impairment back) throws IOException {
        return udp(0, target, there, back);
    }

    /** The same at a port of its own; 0 for a free one. */
    public static ImpairedLink udp(int port, int target, Impairment there, Impairment back) throws IOException {
        DatagramSocket listening = new DatagramSocket(new InetSocketAddress(HERE, port));
        roomy(listening);
        ImpairedLink link = new ImpairedLink(listening.getLocalPort(), listening);
        link.back = back;
        link.nearby = listening;
        link.beside(() -> link.relay(listening, new InetSocketAddress(HERE, target), there.fates()));
        return link;
    }

    /** The port by which the datagrams of a sender leave, also before it sent any. */
    public int outgoing(int sender) throws IOException {
        return outgoing(new InetSocketAddress(HERE, sender)).getLocalPort();
    }

    private DatagramSocket outgoing(SocketAddress sender) throws IOException {
        synchronized (outgoing) {
            DatagramSocket own = outgoing.get(sender);
            if (own == null) {
                DatagramSocket made = new DatagramSocket(new InetSocketAddress(HERE, 0));
                roomy(made);
                sockets.add(made);
                outgoing.put(sender, made);
                DatagramSocket by = Objects.requireNonNull(nearby);
                beside(() -> answer(made, by, sender, back.fates()));
                own = made;
            }
            return own;
        }
    }

    private static void roomy(DatagramSocket socket) throws IOException {
        socket.setReceiveBufferSize(SOCKET_BUFFER);
        socket.setSendBufferSize(SOCKET_BUFFER);
    }

    private void relay(DatagramSocket from, SocketAddress target, Impairment.Fates there) throws IOException {
        byte[] room = new byte[LARGEST];
        while (true) {
            DatagramPacket packet = new DatagramPacket(room, room.length);
            from.receive(packet);
            carry(packet, there, outgoing(packet.getSocketAddress()), target);
        }
    }

    private void answer(DatagramSocket from, DatagramSocket by, SocketAddress to, Impairment.Fates back)
            throws IOException {
        byte[] room = new byte[LARGEST];
        while (true) {
            DatagramPacket packet = new DatagramPacket(room, room.length);
            from.receive(packet);
            carry(packet, back, by, to);
        }
    }

    private void carry(DatagramPacket packet, Impairment.Fates fates, DatagramSocket by, SocketAddress to) {
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        var delays = fates.next();
        if (down || delays.isEmpty()) {
            lost.incrementAndGet();
            return;
        }
        for (long nanos : delays) {
            try {
                later.schedule(() -> send(by, bytes, to), nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                return;
            }
        }
    }

    private void send(DatagramSocket by, byte[] bytes, SocketAddress to) {
        try {
            by.send(new DatagramPacket(bytes, bytes.length, to));
            carried.incrementAndGet();
        } catch (IOException nobodyThere) {
            lost.incrementAndGet();
        }
    }

    /** Nothing passes while it is down. */
    public void down(boolean cut) {
        down = cut;
    }

    // ---- connections -------------------------------------------------------------------------------------------

    /** Relays connections to a port of this machine. */
    public static ImpairedLink tcp(int target, Throttle there, Throttle back) throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, HERE);
        ImpairedLink link = new ImpairedLink(listening.getLocalPort(), listening);
        link.beside(() -> {
            while (true) {
                Socket near = listening.accept();
                link.sockets.add(near);
                Socket far = new Socket(HERE, target);
                link.sockets.add(far);
                link.beside(() -> link.pump(near, far, there));
                link.beside(() -> link.pump(far, near, back));
            }
        });
        return link;
    }

    private void pump(Socket from, Socket to, Throttle throttle) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] room = new byte[PIECE];
            long start = System.nanoTime();
            long passed = 0;
            long stalled = 0;
            for (int read = in.read(room); read >= 0; read = in.read(room)) {
                passed += read;
                if (throttle.stallEvery() > 0 && passed / throttle.stallEvery() > stalled) {
                    stalled = passed / throttle.stallEvery();
                    LockSupport.parkNanos(throttle.stall().toNanos());
                }
                if (throttle.bytesPerSecond() > 0) {
                    long due = start + passed * 1_000_000_000L / throttle.bytesPerSecond();
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                out.write(room, 0, read);
                carried.addAndGet(read);
            }
        }
    }

    // ---- both --------------------------------------------------------------------------------------------------

    /** Where to connect, or send, instead. */
    public int port() {
        return port;
    }

    /** Datagrams that were passed on, or bytes. */
    public long carried() {
        return carried.get();
    }

    /** Datagrams that were not. */
    public long lost() {
        return lost.get();
    }

    private void beside(Work work) {
        Thread.ofPlatform().name("impaired-link").daemon().start(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // one side is gone
            }
        });
    }

    @Override
    public void close() {
        later.shutdownNow();
        for (AutoCloseable socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
