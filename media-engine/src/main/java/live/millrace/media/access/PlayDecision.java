// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.time.Instant;
import java.util.Optional;

/** The answer to a {@link PlayAttempt}. */
public sealed interface PlayDecision {
    /** The session may watch for as long as it goes on, without a limit of its own. */
    Granted UNLIMITED = new Granted(Optional.empty(), Integer.MAX_VALUE);

    /** An identity is cut to so many characters. */
    int MAX_IDENTITY = 64;

    /** The session may not watch. */
    Refused NOT_ALLOWED = new Refused(PlayRefusal.NOT_ALLOWED);

    /**
     * The session may watch.
     *
     * @param until when it ends unless it was granted anew: it is asked about again some seconds earlier. Empty for no end
     * @param sockets that the session may hold at a time
     * @param identity who it is, as whoever decided calls them: for lists of those who watch. Cut to {@value #MAX_IDENTITY} characters
     */
    record Granted(Optional<Instant> until, int sockets, Optional<String> identity) implements PlayDecision {
        public Granted {
            if (sockets < 0) {
                throw new IllegalArgumentException("no number of sockets: " + sockets);
            }
            identity = identity.map(text -> text.length() > MAX_IDENTITY ? text.substring(0, MAX_IDENTITY) : text);
        }

        /** By nobody in particular. */
        public Granted(Optional<Instant> until, int sockets) {
            this(until, sockets, Optional.empty());
        }
    }

    /** The session may not watch. The peer learns nothing of the cause. */
    record Refused(PlayRefusal cause) implements PlayDecision {}
}
