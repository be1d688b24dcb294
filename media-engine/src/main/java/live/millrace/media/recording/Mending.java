// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import live.millrace.media.hub.LiveStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends what an earlier process left, once the index has said what that was, and has it until its broadcast goes on or will not. An index that
 * is away is asked again until it answers. Thread-safe.
 */
final class Mending implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mending.class);
    private static final long FIRST_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 5_000;
    private static final int TICKS_PER_MILLI = 90;

    private final Path directory;
    private final SpanRepair repair;
    private final RecordingIndex heard;
    private final IndexTeller index;
    private final Consumer<String> onEnded;
    private final Thread thread =
            Thread.ofPlatform().name("recording-mending").daemon().unstarted(this::again);

    /** What was mended and nobody went on with yet. */
    private final Map<String, Recording> waiting = new HashMap<>();

    /** Recordings that this process has begun: the index names them among what is not over. */
    private final Set<String> begun = new HashSet<>();

    /** Those of broadcasts that will not go on. */
    private Predicate<UUID> over = _ -> false;

    private boolean asked;

    /** Whether all that was left is in {@link #waiting} or ended. */
    private boolean known;

    /** Follows {@link #known}, outside the lock: whoever waits for it runs in it. */
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    /**
     * Mends nothing yet.
     *
     * @param directory where spans are
     * @param heard is asked what was left
     * @param index tells what was mended
     * @param onEnded once the index knows that a recording will not go on
     */
    Mending(Path directory, RecordingIndex heard, IndexTeller index, Consumer<String> onEnded) {
        this.directory = directory;
        this.repair = new SpanRepair(directory);
        this.heard = heard;
        this.index = index;
        this.onEnded = onEnded;
    }

    /** Mends, or begins to try again and again. Blocks for the disk and the index. */
    void begin() {
        synchronized (this) {
            asked = true;
        }
        try {
            mend();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "What an earlier run recorded is mended later: its index is away: {}",
                    String.valueOf(e.getMessage()));
            LOG.debug("Why", e);
            thread.start();
        }
    }

    private void again() {
        long wait = FIRST_WAIT_MILLIS;
        try {
            while (true) {
                Thread.sleep(wait);
                try {
                    mend();
                    return;
                } catch (IOException | RuntimeException away) {
                    LOG.debug("The index of recordings is still away", away);
                    wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void mend() throws IOException {
        List<Recording> left = new ArrayList<>(heard.unfinished());
        synchronized (this) {
            left.removeIf(each -> begun.contains(each.id()));
        }
        long start = System.nanoTime();
        List<SpanRepair.Result> results = repair.repair(left);
        synchronized (this) {
            for (SpanRepair.Result each : results) {
                tell(each);
                Recording mended = each.recording();
                if (over.test(mended.broadcast())) {
                    end(mended);
                } else {
                    waiting.put(mended.id(), mended);
                }
            }
            over = _ -> false;
            begun.clear();
            known = true;
        }
        if (!left.isEmpty()) {
            LOG.info(
                    "Mended {} recordings that an earlier run left, in {} ms",
                    left.size(),
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
        }
        done.complete(true);
    }

    private void tell(SpanRepair.Result result) {
        Recording recording = result.recording();
        result.tracks().forEach(track -> index.track(recording.id(), track));
        result.mended().forEach(span -> index.span(recording.id(), span, () -> forget(recording, span)));
        result.gaps().forEach(gap -> index.gap(recording.id(), gap));
    }

    private void forget(Recording recording, RecordedSpan span) {
        try {
            SpanFile.forgetJournal(directory.resolve(recording.object(span)));
        } catch (IOException e) {
            LOG.debug("A journal of {} stays", recording.id(), e);
        }
    }

    private void end(Recording left) {
        Instant at = left.spans().stream()
                .flatMap(span -> span.segments().segments().stream())
                .map(each -> each.programDateTime().plusMillis(each.duration() / TICKS_PER_MILLI))
                .max(Instant::compareTo)
                .orElse(left.startedAt());
        index.ended(left.id(), at, () -> onEnded.accept(left.id()));
    }

    /** What there is of a recording that goes on and that the index does not know; empty when there is nothing. Blocks for the disk. */
    Optional<Recording> unheard(LiveStream live, String id) {
        try {
            Optional<SpanRepair.Result> found =
                    repair.unheard(id, live.broadcastId(), live.path().toString());
            found.ifPresent(result -> {
                index.begun(result.recording().head());
                tell(result);
            });
            return found.map(SpanRepair.Result::recording);
        } catch (IOException e) {
            LOG.warn("What was recorded of {} before cannot be mended", live.path(), e);
            return Optional.empty();
        }
    }

    /** A recording that begins here. */
    synchronized void begun(String id) {
        if (!known) {
            begun.add(id);
        }
    }

    /** Whether nobody knows yet what was left. */
    private boolean isOpen() {
        return asked && !known;
    }

    /** Hands out what was left of a recording, if anything was, as soon as it is known. */
    void whenKnown(String id, Consumer<Optional<Recording>> then) {
        boolean open;
        synchronized (this) {
            open = isOpen();
        }
        if (open) {
            var _ = done.thenAccept(_ -> then.accept(take(id)));
        } else {
            then.accept(take(id));
        }
    }

    private synchronized Optional<Recording> take(String id) {
        return Optional.ofNullable(waiting.remove(id));
    }

    /** What waits of a recording. */
    synchronized Optional<Recording> find(String id) {
        return Optional.ofNullable(waiting.get(id));
    }

    /** The broadcasts of recordings that were not ended and do not go on yet. */
    synchronized List<UUID> unfinished() {
        return waiting.values().stream().map(Recording::broadcast).toList();
    }

    /** Ends what is of broadcasts that will not go on; also what turns up later. Answers whether any was, or may be. */
    synchronized boolean finish(Predicate<UUID> broadcasts) {
        boolean open = isOpen();
        if (open) {
            over = over.or(broadcasts);
        }
        List<Recording> due = waiting.values().stream()
                .filter(each -> broadcasts.test(each.broadcast()))
                .toList();
        due.forEach(each -> {
            waiting.remove(each.id());
            end(each);
        });
        return open || !due.isEmpty();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
