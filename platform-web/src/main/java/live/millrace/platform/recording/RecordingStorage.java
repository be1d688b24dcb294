// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What recordings take, and how much longer there is room: for whoever runs the site. Thread-safe. */
public interface RecordingStorage {
    /**
     * All of them.
     *
     * @param directory where their bytes are
     * @param ours it is the directory that the database is about; else nothing is cleared up there
     * @param videos how many there are, those that run among them
     * @param running how many of them are being recorded
     * @param bytes that they take
     * @param quota bytes that they may take; 0 while nobody knows
     * @param free of the disk, in bytes
     * @param size of the disk, in bytes; 0 while nobody knows
     * @param perDay bytes a day, of the last seven
     * @param daysLeft until the oldest go, at that rate; null where nobody can tell
     * @param garbage objects that nothing refers to any more and that are there still
     * @param lostBytes that no row knew at the last sweep, put aside for a week
     * @param sweep null before the first one
     */
    record Overview(
            String directory,
            boolean ours,
            long videos,
            long running,
            long bytes,
            long quota,
            long free,
            long size,
            long perDay,
            @Nullable Long daysLeft,
            long garbage,
            long lostBytes,
            @Nullable Sweep sweep) {
        /** Of what they may take, in hundredths. */
        public long share() {
            return quota == 0 ? 0 : Math.min(100, 100 * bytes / quota);
        }
    }

    /**
     * The last look whether files and rows fit each other.
     *
     * @param files that there were
     * @param unknown that no row knew
     * @param missing parts of videos whose files were gone
     * @param refused too much did not fit: nothing was done about it
     */
    record Sweep(Instant at, long files, long unknown, long missing, boolean refused) {}

    /** What a channel's videos take. */
    record ChannelUse(String channel, String displayName, long videos, long bytes) {}

    Overview overview();

    /** The channels that take most. */
    List<ChannelUse> channels(int most);

    /** Whether one of the two below is at work in this process. */
    boolean working();

    /** Lets go of what is due, now; answers false when something is at work already. */
    boolean clearUp();

    /**
     * Looks now whether files and rows fit each other; answers false when something is at work already.
     *
     * @param anyway do something about it also where more than a tenth does not fit
     */
    boolean sweep(boolean anyway);
}
