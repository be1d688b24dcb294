// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.recording.RangeCopy;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingId;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.recording.VideoChanged;
import live.millrace.platform.recording.VideoTrim;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Trims by whole segments and without a copy of what stays: a new folder has links to the spans in the middle, and copies of those at both ends.
 * Rows change in one transaction; whoever dies before it leaves nothing but files that the sweep finds.
 */
@Service
class VideoTrimming implements VideoTrim {
    private static final Logger LOG = LoggerFactory.getLogger(VideoTrimming.class);

    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    private final TrimRows rows;
    private final IndexRows index;
    private final ClipBytes clips;
    private final RecordingStore store;
    private final long leastFree;
    private final RecordingBucket bucket;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    VideoTrimming(
            TrimRows rows,
            IndexRows index,
            ClipBytes clips,
            RecordingStore store,
            RecordingBucket bucket,
            EngineSettings settings,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.rows = rows;
        this.index = index;
        this.clips = clips;
        this.store = store;
        this.bucket = bucket;
        this.leastFree = settings.recording().minFree().toBytes();
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public Optional<String> trim(String id, long fromMillis, long toMillis) {
        Optional<Recording> found = transaction.execute(_ -> rows.hold(id).flatMap(_ -> index.whole(id)));
        if (found == null || found.isEmpty()) {
            return Optional.of("video.said.gone");
        }
        Recording source = found.get();
        long length = source.durationMillis();
        boolean within = fromMillis >= 0 && toMillis <= length + SLACK_MILLIS && toMillis - fromMillis >= LEAST_MILLIS;
        if (!within || (fromMillis == 0 && toMillis >= length)) {
            return Optional.of("video.said.trim");
        }
        if (!store.ours() || !room(RangeCopy.bytes(source, fromMillis, toMillis))) {
            return Optional.of("video.said.store");
        }
        RangeCopy copying = new RangeCopy(store.directory(), bucket);
        try {
            clips.ownBytes(id);
            String copyId = RecordingId.fresh();
            String folder = MONTH.format(clock.instant()) + "/" + copyId;
            Recording copy = copying.copy(source, fromMillis, toMillis, copyId, folder, ordinals(source));
            long cut = RangeCopy.begins(source, fromMillis, toMillis).orElse(0);
            return write(copying, source, copy, cut);
        } catch (NoSuchFileException damaged) {
            LOG.warn("Video {} cannot be trimmed: {}", id, damaged.getMessage());
            return Optional.of("video.said.damaged");
        } catch (IOException full) {
            LOG.warn("Video {} cannot be trimmed: {}", id, full.toString());
            return Optional.of("video.said.store");
        }
    }

    /** Where whole files cannot be linked, all of it is copied. What is recorded meanwhile has to find its place too. */
    private boolean room(long bytes) {
        return store.space().filter(space -> space.free() - bytes >= leastFree).isPresent();
    }

    /** Names of objects are never used twice: what was fetched by one is kept for long. */
    private static Map<String, Integer> ordinals(Recording source) {
        Map<String, Integer> next = new HashMap<>();
        for (RecordedSpan span : source.spans()) {
            next.put(span.track(), Math.max(next.getOrDefault(span.track(), 0), span.ordinal() + 1));
        }
        return next;
    }

    private Optional<String> write(RangeCopy copying, Recording source, Recording copy, long cut) {
        boolean written = false;
        try {
            written = Boolean.TRUE.equals(transaction.execute(_ -> written(source, copy, cut)));
        } finally {
            if (!written) {
                copying.remove(copy);
            }
        }
        return written ? Optional.empty() : Optional.of("video.said.changed");
    }

    /** Answers false when it is no more what was copied. */
    private boolean written(Recording source, Recording copy, long cut) {
        Optional<TrimRows.Held> found =
                rows.hold(source.id()).filter(held -> held.folder().equals(source.folder()));
        found.ifPresent(held -> {
            Long before = held.originalId();
            if (before != null) {
                rows.discard(held.row());
            }
            long original = before != null ? before : rows.putAside(held.row(), clock.instant());
            rows.replace(held, copy, original, held.trimmedMillis() + cut);
            tell(source.id(), held);
        });
        return found.isPresent();
    }

    @Override
    public boolean restore(String id) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Optional<TrimRows.Held> found = rows.hold(id);
            Long original = found.map(TrimRows.Held::originalId).orElse(null);
            if (found.isEmpty() || original == null) {
                return false;
            }
            rows.discard(found.get().row());
            rows.restore(found.get(), original);
            tell(id, found.get());
            return true;
        }));
    }

    private void tell(String id, TrimRows.Held held) {
        events.publishEvent(new VideoChanged(id, held.row().channelId(), VideoChanged.What.EDITED));
    }

    @Override
    public Optional<Instant> until(String id) {
        return rows.deletedOriginal(id).map(at -> at.plus(RetentionRows.DELETED));
    }
}
