// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import live.millrace.media.hub.StreamPath;

/** What somebody watches, by which sessions are kept apart. */
sealed interface Watched {
    /** A stream that is on. */
    record Live(StreamPath path) implements Watched {}

    /**
     * What was kept of one.
     *
     * @param id of the recording
     */
    record Recorded(String id) implements Watched {}
}
