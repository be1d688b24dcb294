// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the numbers of a new cut begin, so that they only ever grow for a player that is there before and after
 * (RFC 8216 §6.2.2). Media sequence numbers begin at the seconds of the epoch: a clock outruns segments. Discontinuity sequence
 * numbers have to stay small, because hls.js 1.7 walks an array of that length for each segment; they are counted, and reserved
 * in a file block by block, so that a process that was killed leaves none behind that its successor would give out again.
 *
 * <p>Thread-safe.
 */
public final class SequenceNumbers {
    private static final Logger LOG = LoggerFactory.getLogger(SequenceNumbers.class);
    private static final long BLOCK = 100;

    private final Path file;
    private final InstantSource clock;
    private final Executor disk;
    private long highestMedia;
    private long highestDiscontinuity;
    private long reserved;

    /**
     * Reads what was reserved before, and reserves the next block.
     *
     * @param disk writes later reservations
     */
    public SequenceNumbers(Path file, InstantSource clock, Executor disk) {
        this.file = file;
        this.clock = clock;
        this.disk = disk;
        this.highestDiscontinuity = read(file);
        this.reserved = highestDiscontinuity + BLOCK;
        write(reserved);
    }

    /**
     * The numbers of a new cut's first segment: above all that were given out here, and not below others. The media sequence number
     * before it is free as well: a playlist may need one for what lies before the cut.
     *
     * @param least for a broadcast that was cut elsewhere before: the first numbers that are free
     */
    public synchronized FirstNumbers next(FirstNumbers least) {
        issued(least.media() - 1, least.discontinuity() - 1);
        long media = Math.max(clock.instant().getEpochSecond(), highestMedia + 2);
        issued(media, highestDiscontinuity + 1);
        return new FirstNumbers(media, highestDiscontinuity);
    }

    /** Above all that were given out here, to whichever broadcast: what a process that goes on with one of them begins with at least. */
    public synchronized FirstNumbers free() {
        return new FirstNumbers(highestMedia + 1, highestDiscontinuity + 1);
    }

    /** Notes the numbers of a segment. */
    public synchronized void issued(long media, long discontinuity) {
        highestMedia = Math.max(highestMedia, media);
        highestDiscontinuity = Math.max(highestDiscontinuity, discontinuity);
        if (highestDiscontinuity > reserved - BLOCK / 2) {
            reserved = highestDiscontinuity + BLOCK;
            long next = reserved;
            disk.execute(() -> write(next));
        }
    }

    private static long read(Path file) {
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            LOG.warn("Cannot read {}; discontinuity sequence numbers start anew", file, e);
            return 0;
        }
    }

    private void write(long next) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, next + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("Cannot write {}; after a restart, discontinuity sequence numbers may repeat", file, e);
        }
    }
}
