// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/** The hub's way back to a publish session. */
public interface PublisherHandle {
    /** Why a session has to go. */
    enum Reason {
        /** A newer session with the same key. */
        TAKEN_OVER,
        /** The stream's owner, an admin or the site. */
        ENDED,
        /** Its time stamps jump more often than can be repaired, or run far ahead of the clock on the wall. */
        BROKEN_CLOCK,
        /** The server goes down. */
        SHUTDOWN
    }

    /** Asks the session to say goodbye and close. Called on the session's own executor, at most once. */
    void leave(Reason reason);
}
