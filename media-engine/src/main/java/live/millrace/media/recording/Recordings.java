// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
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

    /** Each of them is asked about, and is a session for a while. */
    private static final int MOST_BY_TICKET = 30;

    private static final int READERS = 4;
    private static final int MOST_QUESTIONS = 1_000;
    private static final long IDLE_SECONDS = 10;
    private static final int SPAN_WEIGHT = 200;

    private final Recorder recorder;
    private final RecordingConfig config;
    private final RecordingIndex index;
    private final Optional<ArchiveReader> archive;
    private final ThreadPoolExecutor readers;
    private final Cache<String, CompletableFuture<Optional<Recording>>> known = Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .maximumWeight(MAX_BYTES)
            .<String, CompletableFuture<Optional<Recording>>>weigher((_, found) -> weight(found))
            .build();

    /** What goes on and could be seen when the index was last asked, and by whom: without the index it is seen on. */
    private final ConcurrentHashMap<String, Recording.Access> seen = new ConcurrentHashMap<>();

    Recordings(Recorder recorder, RecordingConfig config, RecordingIndex index, Optional<SpanArchive> archive) {
        this.archive = archive.map(each -> new ArchiveReader(each, ArchiveReader.Limits.USUAL, System::nanoTime));
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

    /** The same; while the index is away what goes on is found if it was found before. */
    public CompletionStage<Optional<Recording>> findAnyway(String id) {
        return find(id).exceptionally(away -> {
            LOG.debug("The index of recordings is away", away);
            Recording.Access access = seen.get(id);
            return access == null ? Optional.empty() : recorder.running(id).map(each -> each.with(access));
        });
    }

    /**
     * The newest recordings of a stream that may be seen, the newest first, and what is being recorded of it.
     *
     * @param ticket whether whoever asks brings one, and so also those that are not for everybody
     * @return fails when the index is away or too many ask
     */
    public CompletionStage<List<Recording>> of(StreamPath path, boolean ticket) {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                try {
                    names.complete(
                            ticket
                                    ? index.ofStreamByTicket(path.toString(), MOST_BY_TICKET)
                                    : index.ofStream(path.toString(), MOST_OF_STREAM));
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

    /** Whether and by whom it may be seen says the index; what there is of it, whoever writes it. */
    private Optional<Recording> newest(String id, Optional<Recording> found) {
        return found.map(indexed -> indexed.endedAt().isPresent()
                ? indexed
                : recorder.running(id).map(each -> each.with(indexed.access())).orElse(indexed));
    }

    private void ask(String id, CompletableFuture<Optional<Recording>> asked) {
        try {
            Optional<Recording> found = index.find(id);
            Optional<Recording> goesOn = found.filter(each -> each.endedAt().isEmpty());
            if (goesOn.isPresent()) {
                seen.put(id, goesOn.get().access());
            } else {
                seen.remove(id);
            }
            asked.complete(found);
            if (found.isEmpty()) {
                known.asMap().remove(id, asked); // it may begin the next moment
            } else {
                // It is weighed now, unless it was forgotten meanwhile.
                known.asMap().replace(id, asked, asked);
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
        if (seen.containsKey(id)) {
            var _ = find(id); // before the index may be away
        }
    }

    /** Who may see what changed. */
    public void forgetAll() {
        known.asMap().keySet().forEach(this::forget);
    }

    // ---- bytes ------------------------------------------------------------------------------------------------

    /**
     * Where a stretch of a span is. What is read of it comes from the disk, or from the archive where the disk has it not; then it fails with
     * an {@link ArchiveAwayException} while that is away. There is a file only where the index knows of none in the archive alone, and it may
     * be gone there by now.
     */
    public StoredBytes open(Recording recording, RecordedSpan span, long offset, long length) {
        return new SpanBytes(recording, span, offset, length);
    }

    /** The file of a span, if the disk should have it. */
    private Optional<Path> file(Recording recording, RecordedSpan span) {
        return span.copies() == RecordedSpan.Copies.ARCHIVE
                ? Optional.empty()
                : Optional.of(config.directory().resolve(recording.object(span)));
    }

    /**
     * Reads a stretch of a span from the archive. Returns at once.
     *
     * @return exactly so many bytes, owned by the caller; fails with an {@link ArchiveAwayException}, or a {@link NoSuchFileException}
     */
    public CompletionStage<ByteBuf> fetch(Recording recording, RecordedSpan span, long offset, int length) {
        String object = recording.object(span);
        return archive.map(each -> each.read(object, span.bytes(), offset, length))
                .orElseGet(() -> CompletableFuture.failedFuture(new NoSuchFileException(object)));
    }

    /**
     * Copies a stretch of a span to where it is wanted, from the disk or the archive. Blocks.
     *
     * @param to takes all of it; stays open
     * @throws ArchiveAwayException when the archive does not give it at the moment; some of it was written
     * @throws IOException when it is gone, or cannot be written
     */
    public void copy(Recording recording, RecordedSpan span, long offset, long length, WritableByteChannel to)
            throws IOException {
        for (long at = 0; at < length; ) {
            int some = (int) Math.min(ArchiveReader.PIECE, length - at);
            ByteBuf bytes = open(recording, span, offset + at, some).read();
            try {
                for (java.nio.ByteBuffer each : bytes.nioBuffers()) {
                    while (each.hasRemaining()) {
                        to.write(each);
                    }
                }
            } finally {
                bytes.release();
            }
            at += some;
        }
    }

    /**
     * The heads of the fragments of a span that is in the archive, as they were put beside it. Blocks.
     *
     * @return empty when none are there
     * @throws ArchiveAwayException when the archive does not give them at the moment
     */
    public Optional<SpanHeads> heads(Recording recording, RecordedSpan span) throws IOException {
        if (archive.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SpanHeads.parse(wait(archive.get().heads(SpanHeads.object(recording.object(span))))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** For how long it is no use to ask for what of a recording is in the archive alone; empty where it is, or nothing is there. */
    public Optional<Duration> away(Recording recording) {
        return archive.flatMap(ArchiveReader::away)
                .filter(_ -> recording.spans().stream().anyMatch(span -> span.copies() == RecordedSpan.Copies.ARCHIVE));
    }

    private static <T> T wait(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the archive was waited for", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        }
    }

    /** A stretch of a span, wherever it is. */
    private final class SpanBytes implements StoredBytes {
        private final Recording recording;
        private final RecordedSpan span;
        private final long offset;
        private final long length;

        SpanBytes(Recording recording, RecordedSpan span, long offset, long length) {
            this.recording = recording;
            this.span = span;
            this.offset = offset;
            this.length = length;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public Optional<Path> file() {
            return Recordings.this.file(recording, span);
        }

        @Override
        public ByteBuf read() throws IOException {
            Optional<Path> file = file();
            if (file.isPresent()) {
                try {
                    return StoredBytes.ofFile(file.get(), offset, length).read();
                } catch (NoSuchFileException left) {
                    LOG.trace("{} is not on the disk", file.get());
                }
            }
            return Recordings.wait(fetch(recording, span, offset, Math.toIntExact(length)));
        }
    }

    /** Where an object of the store is, or would be. */
    public Path path(String object) {
        return config.directory().resolve(object);
    }

    @Override
    public void close() {
        readers.shutdownNow();
        archive.ifPresent(ArchiveReader::close);
    }
}
