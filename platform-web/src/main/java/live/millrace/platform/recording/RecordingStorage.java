// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
     * @param onDisk bytes of them that the disk has
     * @param quota bytes that they may take on the disk; 0 while nobody knows
     * @param free of the disk, in bytes
     * @param size of the disk, in bytes; 0 while nobody knows
     * @param perDay bytes a day, of the last seven
     * @param daysLeft until the oldest go, at that rate; null where nobody can tell, as before there is a day of them, or they go to a bucket
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
            long onDisk,
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
            return quota == 0 ? 0 : Math.min(100, 100 * onDisk / quota);
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

    /**
     * Object storage.
     *
     * @param place which bucket, and where
     * @param localHours how long what is there stays on the disk as well
     * @param files that it has
     * @param bytes of them
     * @param onDisk bytes of all recordings that the disk has
     * @param waiting files that are whole and that it has not yet
     * @param age how long the first of them has waited
     * @param late that is longer than it should be
     * @param trouble what went wrong last; null since something went right
     */
    record Archive(
            String place,
            int localHours,
            long files,
            long bytes,
            long onDisk,
            long waiting,
            Duration age,
            boolean late,
            @Nullable Trouble trouble) {}

    /**
     * What went wrong with object storage.
     *
     * @param detail in the words of whoever found it, in English; never a key
     */
    record Trouble(Kind kind, String detail, Instant at) {
        /** In which way. */
        public enum Kind {
            /** Nobody answers. */
            AWAY,
            /** An answer takes too long. */
            SLOW,
            /** Keys, rights or the bucket's name are wrong. */
            REFUSED,
            /** It says that it failed. */
            FAILED,
            /** What it has is not as long as what was put. */
            LENGTH,
            /** A file is not on the disk as it was. */
            FILE
        }
    }

    /** What a channel's videos take. */
    record ChannelUse(String channel, String displayName, long videos, long bytes) {}

    Overview overview();

    /** Empty when recordings stay on the disk. */
    Optional<Archive> archive();

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
