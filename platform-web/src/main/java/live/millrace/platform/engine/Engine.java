// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import live.millrace.media.recording.MovieImport;
import live.millrace.media.recording.MovieRefusedException;
import live.millrace.media.recording.Recording;

/** The running engine. Thread-safe; does not block but where it says so. */
public interface Engine {
    /** The stream of a channel; empty while it is offline. */
    Optional<LiveView> live(String channel);

    /** All that are not offline. */
    List<LiveView> live();

    /** The segments of a channel's last so many seconds, the oldest first, as far as they are still there. Blocks for files at most. */
    List<byte[]> recentSegments(String channel, Duration length);

    /** The newest key frame of a channel as an MP4 of one picture; empty while there is none. Blocks for a moment. */
    Optional<byte[]> newestKeyFrame(String channel);

    /** Begins, or goes on, to keep what a channel broadcasts; answers whether it is kept from now on. */
    boolean startRecording(String channel, String recording);

    /** Keeps no more of what a channel broadcasts; what was kept stays. Answers whether it was kept. */
    boolean stopRecording(String channel);

    /** What is being recorded of a channel, as far as it has whole segments; empty while nothing is. */
    Optional<Recording> runningRecording(String channel);

    /** A recording changed, or is no more: what was read of it is read again. */
    void forgetRecording(String recording);

    /**
     * A broadcast that an earlier process left will not go on: what was kept of it is whole.
     *
     * @return false when the engine knows nothing of it, so that nobody else says that it ended
     */
    boolean finishRecording(UUID broadcast);

    /** Whether files can become recordings here, now. */
    boolean imports();

    /**
     * Makes a recording of a file, of which nobody is told. Blocks for all of it.
     *
     * @throws MovieRefusedException if the file is not taken
     * @throws CancellationException if it is no longer wanted
     * @throws IOException if it cannot be read or written, or the engine does not run
     */
    Recording importMovie(Path file, MovieImport.Target target, MovieImport.Progress progress) throws IOException;

    /** Removes what an import wrote that nobody was told of. */
    void removeImport(String folder);

    /** Who watches by a ticket. */
    List<TicketUse> tickets();

    /** Asks anew about everybody who watches a channel; cuts off whoever may not. Returns at once. */
    void reviewChannel(String channel);

    /** Asks anew about everybody who watches something by one of some tickets, told by their hashes. Returns at once. */
    void reviewTickets(Predicate<String> which);

    /** Ends a channel's broadcast now; answers whether there was one. */
    boolean end(String channel);

    /** Ends the broadcast that a key publishes. */
    void endKey(long keyId);

    /**
     * Numbers that no segment has.
     *
     * @param media above all media sequence numbers that were given out
     * @param discontinuity the same of discontinuity sequence numbers
     */
    record FreeNumbers(long media, long discontinuity) {}

    /** What a process that goes on with this one's broadcasts begins with; zeros while the engine does not run. */
    FreeNumbers freeNumbers();

    /** The port that encoders connect to; 0 while the engine does not run. */
    int rtmpPort();

    /** The port that media is fetched from; 0 while the engine does not run. */
    int httpPort();
}
