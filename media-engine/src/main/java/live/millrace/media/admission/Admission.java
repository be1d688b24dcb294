// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.util.UUID;
import live.millrace.media.access.PlayRefusal;

/** What came of a wish to watch. */
public sealed interface Admission {
    /** It came to nothing; the cause is not for the peer. */
    record Refused(PlayRefusal cause) implements Admission {}

    /** One that may watch, until it is over. Thread-safe. */
    non-sealed interface Granted extends Admission {
        /** The session that this is part of. */
        UUID sessionId();

        /** Whether it still may: asked before each piece. A read of memory. */
        boolean check();

        /** The socket closed, or nothing came of it; of no effect for a session without one. Idempotent. */
        void leave();

        /**
         * Something is on its way to it, until {@link #release}: so long the session goes on, and its end is that of what is on its way. Nothing is
         * run for one that is over already: {@link #check} tells.
         *
         * @param end run, on any thread, when the session is sent away
         */
        void hold(Runnable end);

        /** It has arrived, or never will. Idempotent. */
        void release(Runnable end);
    }
}
