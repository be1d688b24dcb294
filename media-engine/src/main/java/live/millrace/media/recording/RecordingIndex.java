// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where it is written down what recordings consist of. What is told here is told again until it was heard, so each call may come twice
 * and says the same then; the calls for one recording come in order, on one thread that may block. Questions come on several threads and
 * may block as well.
 */
public interface RecordingIndex {
    /** A recording has its first bytes. {@code spans} is empty. */
    void begun(Recording recording) throws IOException;

    /** A track has a format. */
    void track(String recording, RecordedTrack track) throws IOException;

    /** A span has its first bytes, or is whole: then it is closed. */
    void span(String recording, RecordedSpan span) throws IOException;

    /** Something is missing. */
    void gap(String recording, RecordingGap gap) throws IOException;

    /** The broadcast is over, and what was kept is all there. */
    void ended(String recording, Instant at) throws IOException;

    /**
     * What is known of a recording that may be seen, by everybody or by those who were allowed to, as its
     * {@linkplain Recording#access() access} says; empty when there is none, or it was deleted. Kept for a minute, unless the engine is told to
     * forget it.
     */
    Optional<Recording> find(String recording) throws IOException;

    /**
     * The names of recordings of a stream that may be seen, the newest first. Those that are not for everybody are shown to nobody who was
     * not allowed to see them.
     *
     * @param stream application and name with a slash between them
     * @param most of them
     */
    default List<String> ofStream(String stream, int most) throws IOException {
        return List.of();
    }

    /**
     * The same for somebody who brings a ticket: with those that are not for everybody, each of which is asked about before it is shown.
     *
     * @param stream application and name with a slash between them
     * @param most of them
     */
    default List<String> ofStreamByTicket(String stream, int most) throws IOException {
        return ofStream(stream, most);
    }

    /** Those that were not ended: at the start of a process, what the one before it left. */
    List<Recording> unfinished() throws IOException;
}
