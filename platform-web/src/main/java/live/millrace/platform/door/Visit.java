// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;

/** One connection, and what it is at. Thread-safe: a thread that serves it tells, another one looks. */
final class Visit {
    /** What the site waits for, or the client. */
    enum Phase {
        /** Nothing was asked yet: a handshake may be under way. */
        NEW,
        /** Answered, and kept for another request. */
        IDLE,
        /** A request has begun. No thread waits for it. */
        HEADER,
        /** The site works. */
        SERVING,
        /** A thread waits for more of the body. */
        BODY,
        /** Answered; a thread reads what is left of the body. */
        ENDING,
        /** Not HTTP/1 any more, with time limits of its own. */
        UPGRADED
    }

    /** How long what may take. */
    record Deadlines(long handshake, long header, long idle, long body, long bytesPerSecond, long ending) {}

    private final SocketChannel socket;
    private final String client;
    private Phase phase = Phase.NEW;
    private Phase before = Phase.NEW;
    private long since;
    private long sinceBefore;
    private long waited;
    private long received;
    private boolean leaving;

    Visit(SocketChannel socket, String client, long now) {
        this.socket = socket;
        this.client = client;
        this.since = now;
    }

    /** Whose it is; empty for one that is not counted. */
    String client() {
        return client;
    }

    private void enter(Phase next, long now) {
        phase = next;
        since = now;
    }

    /** Something came, of which nothing is known. */
    synchronized void looked(long now) {
        if (phase != Phase.HEADER) {
            before = phase == Phase.NEW ? Phase.NEW : Phase.IDLE;
            sinceBefore = phase == before ? since : now;
            enter(Phase.HEADER, now);
        }
    }

    /** A whole header is there. */
    synchronized void serving(long now) {
        waited = 0;
        received = 0;
        enter(Phase.SERVING, now);
    }

    synchronized void reading(long now) {
        enter(Phase.BODY, now);
    }

    synchronized void read(int bytes, long now) {
        waited += now - since;
        received += Math.max(0, bytes);
        enter(Phase.SERVING, now);
    }

    synchronized void ending(long now) {
        enter(Phase.ENDING, now);
    }

    /** The connection goes back to whoever watches sockets, or is given up. */
    synchronized void left(SocketState state, boolean async, long now) {
        switch (state) {
            case OPEN -> {
                if (phase == Phase.HEADER) {
                    // Not a byte of a request, if any: blank lines, or a handshake that has ended.
                    phase = before;
                    since = sinceBefore;
                } else {
                    enter(Phase.IDLE, now);
                }
            }
            case LONG -> {
                if (!async && phase != Phase.HEADER) {
                    enter(Phase.HEADER, now);
                }
            }
            case UPGRADING, UPGRADED -> enter(Phase.UPGRADED, now);
            case SENDFILE -> enter(Phase.SERVING, now);
            default -> {
                // It is about to close.
            }
        }
    }

    synchronized void upgraded(long now) {
        enter(Phase.UPGRADED, now);
    }

    /** Whether it takes longer than it may. */
    synchronized boolean late(Deadlines may, long now) {
        long so = now - since;
        return switch (phase) {
            case NEW -> so > may.handshake();
            case IDLE -> so > may.idle();
            case HEADER -> so > may.header();
            case BODY -> waited + so > may.body() + received * 1_000_000_000L / may.bytesPerSecond();
            case ENDING -> so > may.ending();
            case SERVING, UPGRADED -> false;
        };
    }

    /** For how long it has kept a place for nothing; 0 while it may be about to ask, and while it is served or sends what it has. */
    synchronized long spared(long now, long least, long bytesPerSecond) {
        long so = now - since;
        long nanos = switch (phase) {
            case NEW, IDLE, HEADER, ENDING -> so;
            case BODY -> received * 1_000_000_000L / bytesPerSecond < waited + so ? waited + so : 0;
            case SERVING, UPGRADED -> 0;
        };
        return !leaving && nanos >= least ? nanos : 0;
    }

    /** Whether no thread looks after it. */
    synchronized boolean unattended() {
        return phase == Phase.NEW || phase == Phase.IDLE || phase == Phase.HEADER;
    }

    synchronized boolean leaving() {
        return leaving;
    }

    /** Nothing more is heard of it: whoever waits for it is told at once that it has ended. */
    void hangUp() {
        synchronized (this) {
            leaving = true;
        }
        try {
            socket.shutdownInput();
        } catch (IOException | UnsupportedOperationException gone) {
            // Closed by itself.
        }
    }
}
