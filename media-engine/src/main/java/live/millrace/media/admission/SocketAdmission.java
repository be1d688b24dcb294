// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.util.UUID;
import java.util.function.LongSupplier;

/** A socket of a session that may watch. Thread-safe. */
final class SocketAdmission implements Admission.Granted {
    private final ViewerSession session;
    private final Runnable close;
    private final LongSupplier nanoTime;
    private final Runnable left;

    /**
     * For one socket.
     *
     * @param close what the session knows it by
     * @param left run once, when it leaves
     */
    SocketAdmission(ViewerSession session, Runnable close, LongSupplier nanoTime, Runnable left) {
        this.session = session;
        this.close = close;
        this.nanoTime = nanoTime;
        this.left = left;
    }

    @Override
    public UUID sessionId() {
        return session.sessionId();
    }

    @Override
    public boolean check() {
        return session.check();
    }

    @Override
    public void leave() {
        if (session.sockets.remove(close)) {
            session.seen(nanoTime.getAsLong());
            left.run();
        }
    }

    @Override
    public void hold(Runnable end) {
        session.hold(end);
    }

    @Override
    public void release(Runnable end) {
        session.release(end);
    }
}
