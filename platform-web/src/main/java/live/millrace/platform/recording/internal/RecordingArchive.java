// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.bucket.Bucket;
import live.millrace.media.bucket.BucketException;
import live.millrace.media.recording.SpanHeads;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.recording.RecordingStorage.Trouble;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Brings closed spans into the bucket, lets them leave the disk, and deletes in the bucket what nobody refers to. One at a time, so that
 * viewers have the line; each step may be begun again by whoever comes after. For one thread; only what it says of itself is for others.
 */
@Component
class RecordingArchive {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingArchive.class);

    static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /** When nothing is to do, it is looked again after so long. */
    static final Duration LOOK = Duration.ofSeconds(5);

    /** A span whose file is not there is left alone for so long: a disk may come back. */
    private static final Duration MISSING = Duration.ofMinutes(15);

    /** How much of the disk copies take is summed up so often at most. */
    private static final Duration ROOM = Duration.ofMinutes(1);

    /** Then what leaves the disk, and what goes from the bucket, has its turn. */
    private static final int UPLOADS_IN_A_ROW = 20;

    private final RecordingBucket bucket;
    private final ArchiveRows rows;
    private final RecordingStore store;
    private final RecordingRetention retention;
    private final Duration local;
    private final Clock clock;

    private final Map<ArchiveRows.Key, Instant> missing = new HashMap<>();

    /** They failed: all others have their turn before they are tried again. */
    private final Set<ArchiveRows.Key> tried = new HashSet<>();

    private int failures;
    private Instant next = Instant.EPOCH;
    private Instant summed = Instant.EPOCH;
    private volatile @Nullable Trouble trouble;
    private final AtomicLong put = new AtomicLong();
    private final AtomicLong putBytes = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    RecordingArchive(
            RecordingBucket bucket,
            ArchiveRows rows,
            RecordingStore store,
            RecordingRetention retention,
            EngineSettings settings,
            Clock clock) {
        this.bucket = bucket;
        this.rows = rows;
        this.store = store;
        this.retention = retention;
        this.local = settings.recording().bucket().local();
        this.clock = clock;
    }

    /** What went wrong last; null since something went right. */
    @Nullable
    Trouble trouble() {
        return trouble;
    }

    /** Objects that were put since the start. */
    long put() {
        return put.get();
    }

    /** Their bytes. */
    long putBytes() {
        return putBytes.get();
    }

    /** Tries that failed since the start. */
    long failed() {
        return failed.get();
    }

    /**
     * Does what is due. Blocks for disk, database and network.
     *
     * @return how long there is nothing to do
     */
    Duration round() {
        Optional<Bucket> there = bucket.bucket();
        if (there.isEmpty()) {
            return LONGEST_PAUSE;
        }
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return Duration.between(now, next);
        }
        try {
            boolean more = store.ours() && putSome(there.get());
            leave(there.get());
            more |= deleteSome(there.get());
            return more ? Duration.ZERO : LOOK;
        } catch (InterruptedIOException stopped) {
            LOG.debug("The bucket is left alone: the process ends", stopped);
            return LOOK;
        } catch (IOException e) {
            return backOff(e);
        }
    }

    private void wentWell() {
        if (failures > 0) {
            LOG.info("{} takes recordings again", bucket.place());
        }
        failures = 0;
        trouble = null;
    }

    private Duration backOff(IOException e) {
        failures++;
        failed.incrementAndGet();
        Duration pause = pause(failures);
        next = clock.instant().plus(pause);
        trouble = new Trouble(kind(e), detail(e), clock.instant());
        if (failures == 1) {
            LOG.warn("{} does not do its part for recordings, which stay on the disk: {}", bucket.place(), detail(e));
        }
        LOG.debug("It is tried again in {} s", pause.toSeconds(), e);
        return pause;
    }

    /** Twice as long each time, up to a quarter of an hour. */
    static Duration pause(int failures) {
        long seconds = FIRST_PAUSE.toSeconds() << Math.min(failures - 1, 10);
        return Duration.ofSeconds(Math.min(seconds, LONGEST_PAUSE.toSeconds()));
    }

    private static Trouble.Kind kind(IOException e) {
        return switch (e) {
            case BucketException refused when refused.refused() -> Trouble.Kind.REFUSED;
            case BucketException _ -> Trouble.Kind.FAILED;
            case ConnectException _, HttpConnectTimeoutException _ -> Trouble.Kind.AWAY;
            case HttpTimeoutException _ -> Trouble.Kind.SLOW;
            case OtherLength _ -> Trouble.Kind.LENGTH;
            default -> Trouble.Kind.AWAY;
        };
    }

    private static String detail(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    /** The bucket says another length than the file has. */
    private static final class OtherLength extends IOException {
        private static final long serialVersionUID = 1;

        OtherLength(String object, OptionalLong there, long here) {
            super(object + ": " + there.orElse(0) + " of " + here + " bytes");
        }
    }

    // ---- into the bucket --------------------------------------------------------------------------------------

    /** Answers whether there are more. */
    private boolean putSome(Bucket there) throws IOException {
        Instant now = clock.instant();
        missing.values().removeIf(until -> !now.isBefore(until));
        int done = 0;
        boolean passed = false;
        List<ArchiveRows.Span> some = rows.waiting(null);
        while (!some.isEmpty()) {
            for (ArchiveRows.Span span : some) {
                if (missing.containsKey(span.key())) {
                    continue;
                }
                if (tried.contains(span.key())) {
                    passed = true;
                    continue;
                }
                if (done == UPLOADS_IN_A_ROW) {
                    return true;
                }
                tried.add(span.key());
                put(there, span);
                tried.remove(span.key());
                done++;
            }
            some = rows.waiting(some.getLast());
        }
        if (!passed) {
            return false;
        }
        tried.clear();
        return done > 0 || putSome(there);
    }

    private void put(Bucket there, ArchiveRows.Span span) throws IOException {
        Path file = store.directory().resolve(span.object());
        long size = size(file);
        if (size < span.bytes()) {
            notOnDisk(there, span);
            return;
        }
        if (!rows.putting(span, clock.instant())) {
            return; // it was deleted
        }
        there.put(SpanHeads.object(span.object()), SpanHeads.of(file, span.segments()));
        String sha256 = there.put(span.object(), file);
        OptionalLong length = there.length(span.object());
        if (length.isEmpty() || length.getAsLong() != size) {
            throw new OtherLength(span.object(), length, size);
        }
        if (!rows.archived(span, sha256, clock.instant())) {
            rows.discard(span.object());
        }
        put.incrementAndGet();
        putBytes.addAndGet(size);
        wentWell();
    }

    /** Zero when it is not there, or cannot be looked at: the disk may be away. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }

    /** A database that was restored may not know what went to the bucket after its backup. */
    private void notOnDisk(Bucket there, ArchiveRows.Span span) throws IOException {
        OptionalLong length = there.length(span.object());
        if (length.isPresent() && length.getAsLong() >= span.bytes()) {
            if (rows.archived(span, null, clock.instant())) {
                rows.left(List.of(span));
            }
            return;
        }
        missing.put(span.key(), clock.instant().plus(MISSING));
        failed.incrementAndGet();
        trouble = new Trouble(Trouble.Kind.FILE, span.object(), clock.instant());
        LOG.warn("{} is not on the disk as it was, and cannot be put into {}", span.object(), bucket.place());
    }

    // ---- from the disk ----------------------------------------------------------------------------------------

    /** What the bucket has for long enough; and more, while copies take more of the disk than recordings may. */
    private void leave(Bucket there) throws IOException {
        if (!store.ours()) {
            return;
        }
        leave(there, rows.leaving(clock.instant().minus(local)));
        OptionalLong room = retention.siteQuota();
        if (room.isPresent() && !clock.instant().isBefore(summed.plus(ROOM))) {
            summed = clock.instant();
            ArchiveRows.Sums sums = rows.sums();
            long beyond = sums.allBytes() - sums.awayBytes() - room.getAsLong();
            if (beyond > 0) {
                leave(there, rows.leavingFor(beyond));
            }
        }
    }

    /** The bucket is asked once more: somebody may have cleared it up since. */
    private void leave(Bucket there, List<ArchiveRows.Span> spans) throws IOException {
        List<ArchiveRows.Span> left = new ArrayList<>();
        try {
            for (ArchiveRows.Span span : spans) {
                OptionalLong length = there.length(span.object());
                if (length.isEmpty() || length.getAsLong() < span.bytes()) {
                    LOG.warn("{} is not in {} any more, and is put again", span.object(), bucket.place());
                    rows.lost(span);
                } else if (store.release(span.object())) {
                    left.add(span);
                }
            }
        } finally {
            if (!left.isEmpty()) {
                rows.left(left);
            }
        }
        if (!spans.isEmpty()) {
            wentWell();
        }
    }

    // ---- from the bucket --------------------------------------------------------------------------------------

    /** Answers whether there is more. */
    private boolean deleteSome(Bucket there) throws IOException {
        List<ArchiveRows.Garbage> some = rows.garbage();
        for (ArchiveRows.Garbage one : some) {
            there.delete(SpanHeads.object(one.object()));
            there.delete(one.object());
            rows.drop(one);
            wentWell();
        }
        return some.size() == ArchiveRows.SET;
    }
}
