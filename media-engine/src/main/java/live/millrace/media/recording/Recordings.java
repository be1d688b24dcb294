// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.segment.StoredBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings for those who read them: what goes on from memory, what is over from the index, which is asked once for many. Thread-safe; nothing
 * blocks.
 */
public final class Recordings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

    /** Memory for what is known of recordings; one of two hours takes 30 kB. */
    private static final long MAX_BYTES = 32L << 20;

    /** Nobody says when a recording was deleted behind our back; a mistake lasts no longer. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** A player shows no more of them. */
    private static final int MOST_OF_STREAM = 100;

    private static final int READERS = 4;
    private static final int MOST_QUESTIONS = 1_000;
    private static final long IDLE_SECONDS = 10;
    private static final int SPAN_WEIGHT = 200;

    private final Recorder recorder;
    private final RecordingConfig config;
    private final RecordingIndex index;
    private final ThreadPoolExecutor readers;
    private final Cache<String, CompletableFuture<Optional<Recording>>> known = Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .maximumWeight(MAX_BYTES)
            .<String, CompletableFuture<Optional<Recording>>>weigher((_, found) -> weight(found))
            .build();

    Recordings(Recorder recorder, RecordingConfig config, RecordingIndex index) {
        this.recorder = recorder;
        this.config = config;
        this.index = index;
        this.readers = new ThreadPoolExecutor(
                READERS,
                READERS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_QUESTIONS),
                Thread.ofPlatform().name("recording-readers-", 0).daemon().factory());
        readers.allowCoreThreadTimeOut(true);
    }

    private static int weight(CompletableFuture<Optional<Recording>> found) {
        return found.isDone() && !found.isCompletedExceptionally()
                ? found.join()
                        .map(each -> SPAN_WEIGHT
                                + each.spans().stream()
                                        .mapToInt(span -> SPAN_WEIGHT
                                                + 8 * span.segments().size())
                                        .sum())
                        .orElse(SPAN_WEIGHT)
                : SPAN_WEIGHT;
    }

    /** A recording that goes on, or may. */
    public Optional<Recording> running(String id) {
        return recorder.running(id);
    }

    /** The recording of a stream that is on. */
    public Optional<Recording> running(StreamPath path) {
        return recorder.running(path);
    }

    /**
     * A recording that may be seen.
     *
     * @return empty when there is none; fails when the index is away or too many ask
     */
    public CompletionStage<Optional<Recording>> find(String id) {
        if (!RecordingId.isValid(id)) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        CompletableFuture<Optional<Recording>> there = known.getIfPresent(id);
        if (there != null) {
            return there.thenApply(found -> newest(id, found));
        }
        CompletableFuture<Optional<Recording>> asked = new CompletableFuture<>();
        CompletableFuture<Optional<Recording>> first = known.asMap().putIfAbsent(id, asked);
        if (first != null) {
            return first.thenApply(found -> newest(id, found));
        }
        try {
            readers.execute(() -> ask(id, asked));
        } catch (RejectedExecutionException busy) {
            known.asMap().remove(id, asked);
            asked.completeExceptionally(busy);
        }
        return asked.thenApply(found -> newest(id, found));
    }

    /**
     * The newest recordings of a stream that may be seen, the newest first, and what is being recorded of it.
     *
     * @return fails when the index is away or too many ask
     */
    public CompletionStage<List<Recording>> of(StreamPath path) {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                try {
                    names.complete(index.ofStream(path.toString(), MOST_OF_STREAM));
                } catch (IOException | RuntimeException e) {
                    names.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException busy) {
            names.completeExceptionally(busy);
        }
        return names.thenCompose(found -> {
            LinkedHashSet<String> all = new LinkedHashSet<>();
            running(path).ifPresent(each -> all.add(each.id()));
            all.addAll(found);
            CompletionStage<List<Recording>> gathered = CompletableFuture.completedStage(new ArrayList<>());
            for (String id : all) {
                gathered = gathered.thenCombine(find(id), (list, each) -> {
                    each.ifPresent(list::add);
                    return list;
                });
            }
            return gathered;
        });
    }

    /** Whether it may be seen says the index; what there is of it, whoever writes it. */
    private Optional<Recording> newest(String id, Optional<Recording> found) {
        return found.map(indexed ->
                indexed.endedAt().isPresent() ? indexed : recorder.running(id).orElse(indexed));
    }

    private void ask(String id, CompletableFuture<Optional<Recording>> asked) {
        try {
            Optional<Recording> found = index.find(id);
            asked.complete(found);
            if (found.isEmpty()) {
                known.asMap().remove(id, asked); // it may begin the next moment
            } else {
                known.put(id, asked); // it is weighed now
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The index did not answer", e);
            known.asMap().remove(id, asked);
            asked.completeExceptionally(e);
        }
    }

    /** Something about it changed: it ended, was deleted, or may not be seen any more. */
    public void forget(String id) {
        known.invalidate(id);
    }

    /** Where a stretch of a span is. */
    public StoredBytes open(Recording recording, RecordedSpan span, long offset, long length) {
        return StoredBytes.ofFile(config.directory().resolve(recording.object(span)), offset, length);
    }

    /** Where an object of the store is, or would be. */
    public Path path(String object) {
        return config.directory().resolve(object);
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
