// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/** The way back to a publish session, for the hub and for whoever let it in. */
public interface PublisherHandle {
    /** Why a session has to go. */
    enum Reason {
        /** A newer session with the same key. */
        TAKEN_OVER,
        /** The stream's owner, an admin or the site. */
        ENDED,
        /** Its time stamps jump more often than can be repaired, or run far ahead of the clock on the wall. */
        BROKEN_CLOCK,
        /** Nothing came from it for longer than the limit, or no media for much longer. */
        SILENT,
        /** The server goes down. */
        SHUTDOWN
    }

    /** Asks the session to say goodbye and close. Called on the session's own executor, at most once. */
    void leave(Reason reason);
}
