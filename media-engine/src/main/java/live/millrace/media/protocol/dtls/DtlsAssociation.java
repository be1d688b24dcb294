// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One peer's DTLS: the handshake, and afterwards what it says of the end. The library blocks, so that a handshake has a thread of the
 * executor for as long as it lasts; what comes later has one for a moment. Records that are not taken in time are dropped, as on the way:
 * the peer sends them again.
 */
public final class DtlsAssociation {
    private static final Logger LOG = LoggerFactory.getLogger(DtlsAssociation.class);

    /** The largest datagram that is taken. */
    private static final int MAX_RECORD = 1_500;

    /** A flight of ours is cut so that it passes tunnels. */
    private static final int MAX_SENT = 1_200;

    /** Datagrams that wait: a flight with a long chain of certificates has ten. */
    private static final int MAX_WAITING = 30;

    /** Datagrams in a second behind the handshake: they are an alert, or a flight once more. */
    private static final int MAX_LATE = 20;

    private static final byte[] NOTHING = {};

    /** Who sends the ClientHello. */
    public enum Side {
        CLIENT,
        SERVER
    }

    /** Hears of it, on a thread of the executor. */
    public interface Listener {
        /** @param datagram to be sent to the peer, the caller's to keep */
        void send(byte[] datagram);

        /** Once, unless it fails. */
        void established(DtlsKeys keys);

        /**
         * The peer says goodbye, or the handshake failed. Perhaps more than once.
         *
         * @param why for the log, without anything of the peer's
         */
        void ended(String why);
    }

    private final DtlsIdentity identity;
    private final Side side;
    private final List<Fingerprint> announced;
    private final Executor executor;
    private final Listener listener;
    private final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ClientProof proof = new ClientProof();

    private volatile boolean closed;
    private volatile @Nullable DTLSTransport established;
    private int late;
    private long lateSince;

    /**
     * Nothing is sent yet.
     *
     * @param announced what the peer's certificate may be, at least one
     * @param executor runs handshakes, side by side with other ones
     */
    public DtlsAssociation(
            DtlsIdentity identity, Side side, List<Fingerprint> announced, Executor executor, Listener listener) {
        this.identity = identity;
        this.side = side;
        this.announced = List.copyOf(announced);
        this.executor = executor;
        this.listener = listener;
    }

    /**
     * Begins the handshake; to be called once the peer's address is proven.
     *
     * @return whether there is a thread for it
     */
    public boolean start() {
        return submit(this::handshake);
    }

    private boolean submit(Runnable work) {
        if (!busy.compareAndSet(false, true)) {
            return true;
        }
        try {
            executor.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            busy.set(false);
            return false;
        }
    }

    /**
     * Takes a datagram. From one thread at a time.
     *
     * @param datagram borrowed
     */
    public void take(ByteBuf datagram) {
        int length = datagram.readableBytes();
        if (closed || length > MAX_RECORD || waiting.remainingCapacity() == 0) {
            return;
        }
        byte[] copy = new byte[length];
        datagram.getBytes(datagram.readerIndex(), copy);
        if (!DtlsRecords.plausible(copy) || (side == Side.SERVER && !proof.passes(copy))) {
            return;
        }
        if (established == null) {
            waiting.offer(copy);
        } else if (mayBeLate()) {
            waiting.offer(copy);
            submit(this::readLate);
        }
    }

    /** What comes behind the handshake is looked at, but no more of it than an honest peer sends. */
    private boolean mayBeLate() {
        long now = System.nanoTime();
        if (now - lateSince > TimeUnit.SECONDS.toNanos(1)) {
            lateSince = now;
            late = 0;
        }
        return late++ < MAX_LATE;
    }

    /** Says goodbye, if there is somebody to say it to, and takes nothing more. From any thread. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        waiting.offer(NOTHING); // wakes a handshake, which needs its thread no more
        DTLSTransport transport = established;
        if (transport != null) {
            try {
                executor.execute(() -> sayGoodbye(transport));
            } catch (RejectedExecutionException e) {
                // it learns of it by silence
            }
        }
    }

    // ---- on a thread of the executor --------------------------------------------------------------------------

    private void handshake() {
        try {
            DtlsKeys keys = switch (side) {
                case SERVER -> {
                    DtlsServer server = new DtlsServer(identity, announced, this::goodbye);
                    established = new DTLSServerProtocol().accept(server, new Datagrams());
                    yield server.keys();
                }
                case CLIENT -> {
                    DtlsClient client = new DtlsClient(identity, announced, this::goodbye);
                    established = new DTLSClientProtocol().connect(client, new Datagrams());
                    yield client.keys();
                }
            };
            if (closed) {
                sayGoodbye(established);
            } else {
                listener.established(keys);
            }
        } catch (IOException | RuntimeException e) {
            // What it says may be the peer's words.
            listener.ended("the DTLS handshake failed: " + e.getClass().getSimpleName());
        } finally {
            done();
        }
    }

    /** What came while nobody looked is looked at. */
    private void done() {
        busy.set(false);
        if (established != null && !closed && !waiting.isEmpty()) {
            submit(this::readLate);
        }
    }

    private static void sayGoodbye(@Nullable DTLSTransport transport) {
        try {
            if (transport != null) {
                transport.close();
            }
        } catch (IOException e) {
            // nobody is there
        }
    }

    private void goodbye() {
        listener.ended("the peer said goodbye");
    }

    private void readLate() {
        DTLSTransport transport = established;
        try {
            byte[] nothing = new byte[MAX_RECORD];
            while (transport != null && !closed && !waiting.isEmpty()) {
                transport.receive(nothing, 0, nothing.length, 1);
            }
        } catch (IOException | RuntimeException e) {
            // What is said of the end is believed if it is authentic, and told by then. Media has keys of its own, and
            // goes on.
            LOG.debug("A late record of DTLS failed", e);
        } finally {
            done();
        }
    }

    /** The way of datagrams, as the library wants it. */
    private final class Datagrams implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return MAX_RECORD;
        }

        @Override
        public int getSendLimit() {
            return MAX_SENT;
        }

        @Override
        public int receive(byte[] to, int offset, int length, int waitMillis) throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
            try {
                byte[] datagram = waiting.poll(Math.max(1, waitMillis), TimeUnit.MILLISECONDS);
                if (closed) {
                    throw new IOException("closed");
                }
                if (datagram == null) {
                    return -1;
                }
                int taken = Math.min(length, datagram.length);
                System.arraycopy(datagram, 0, to, offset, taken);
                return taken;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }

        @Override
        public void send(byte[] from, int offset, int length) {
            byte[] copy = new byte[length];
            System.arraycopy(from, offset, copy, 0, length);
            listener.send(copy);
        }

        @Override
        public void close() {
            // the peer's socket is everybody's
        }
    }
}
