// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

/** A connection that may be kept for another request. Asked from any thread. */
interface Idling {
    /** For how long it has waited for a request; 0 while it answers one. */
    long idleNanos(long now);

    /**
     * Closes it unless a request came in the meantime.
     *
     * @param stays run on its loop if one came
     */
    void closeIfIdle(Runnable stays);
}
