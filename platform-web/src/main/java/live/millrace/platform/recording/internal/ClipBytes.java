// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import live.millrace.media.recording.RangeCopy;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives clips bytes of their own, before those that they refer to go or change. Some clips at a time: their files first, then their rows in
 * one transaction, so that whoever dies between the two leaves nothing but files that the sweep finds.
 */
@Component
public class ClipBytes {
    private static final Logger LOG = LoggerFactory.getLogger(ClipBytes.class);

    /** Clips in one transaction. */
    private static final int SET = 50;

    /** Bytes of the disk that stay free: others live on it. */
    private static final long LEAST_FREE = 256L << 20;

    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    private final ClipRows rows;
    private final IndexRows index;
    private final RecordingStore store;
    private final RecordingBucket bucket;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final long leastFree;

    ClipBytes(
            ClipRows rows,
            IndexRows index,
            RecordingStore store,
            RecordingBucket bucket,
            TransactionTemplate transaction,
            Clock clock) {
        this.rows = rows;
        this.index = index;
        this.store = store;
        this.bucket = bucket;
        this.transaction = transaction;
        this.clock = clock;
        this.leastFree = LEAST_FREE;
    }

    /**
     * Gives every clip that refers to a recording bytes of its own, now; what has its own stays as it is. Blocks for the disk, so not for an
     * event loop, and not for a transaction. A clip whose bytes are gone already is deleted.
     *
     * @param recording the public name of one that is not being recorded
     * @throws IOException when there is no room, or the disk fails: those that could be given theirs before that have them
     */
    public void ownBytes(String recording) throws IOException {
        List<ClipRows.Reference> some = referring(recording, 0);
        if (some.isEmpty()) {
            return;
        }
        if (!store.ours()) {
            throw new IOException(store.directory() + " is not what the database is about");
        }
        Optional<Recording> source = transaction.execute(_ -> index.whole(recording));
        while (!some.isEmpty() && source != null && source.isPresent()) {
            own(source.get(), some);
            some = some.size() < SET
                    ? List.of()
                    : referring(recording, some.getLast().id());
        }
    }

    /** Clips of what somebody deleted, or hid, go with it. */
    void follow() {
        Instant now = clock.instant();
        transaction.executeWithoutResult(_ -> rows.follow(now, now.minus(RetentionRows.DELETED)));
    }

    private List<ClipRows.Reference> referring(String recording, long after) {
        return Objects.requireNonNull(transaction.execute(_ -> rows.referring(recording, after, SET)));
    }

    private void own(Recording source, List<ClipRows.Reference> clips) throws IOException {
        RangeCopy copying = new RangeCopy(store.directory(), bucket);
        Map<ClipRows.Reference, Recording> copies = new LinkedHashMap<>();
        try {
            for (ClipRows.Reference clip : clips) {
                copy(copying, source, clip).ifPresent(copy -> copies.put(clip, copy));
            }
        } finally {
            write(copying, source, copies);
        }
    }

    private Optional<Recording> copy(RangeCopy copying, Recording source, ClipRows.Reference clip) throws IOException {
        long bytes = RangeCopy.bytes(source, clip.fromMillis(), clip.toMillis());
        if (store.space().filter(space -> space.free() - bytes >= leastFree).isEmpty()) {
            throw new IOException("there is no room for " + bytes + " bytes");
        }
        Instant now = clock.instant();
        String id = RecordingId.fresh();
        try {
            return Optional.of(
                    copying.copy(source, clip.fromMillis(), clip.toMillis(), id, MONTH.format(now) + "/" + id));
        } catch (NoSuchFileException gone) {
            LOG.warn("Clip {} goes: its bytes in recording {} are gone", clip.name(), source.id());
            transaction.executeWithoutResult(_ -> rows.lose(clip, now));
            return Optional.empty();
        }
    }

    private void write(RangeCopy copying, Recording source, Map<ClipRows.Reference, Recording> copies) {
        if (copies.isEmpty()) {
            return;
        }
        boolean written = false;
        try {
            written = Boolean.TRUE.equals(transaction.execute(_ -> written(source, copies)));
        } finally {
            if (!written) {
                copies.values().forEach(copying::remove);
            }
        }
    }

    /** Answers false when the source is gone, and so are its clips. */
    private boolean written(Recording source, Map<ClipRows.Reference, Recording> copies) {
        Optional<IndexRows.Row> row = rows.lock(source.id());
        row.ifPresent(held -> {
            copies.forEach((clip, copy) -> rows.own(clip, held, copy));
            index.use(
                    held.channelId(),
                    copies.values().stream().mapToLong(Recording::bytes).sum());
        });
        return row.isPresent();
    }
}
