// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an archive in pieces that are kept for whoever wants them next; several who want one at the same time wait for one request. Nobody
 * waits longer than a deadline, and while the archive is away nobody waits at all. Thread-safe.
 */
final class ArchiveReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveReader.class);

    /** Some seconds of a usual picture: little is read for nothing, and few requests are made. */
    static final int PIECE = 1 << 20;

    /** Of the heads of a span: those of five minutes take a quarter of a megabyte. */
    private static final int MOST_HEADS = 4 << 20;

    private static final int READERS = 8;
    private static final int MOST_WAITING = 512;
    private static final long IDLE_SECONDS = 10;

    /** One may be about an object; so many in a row are about the archive. */
    private static final int FAILURES = 3;

    /**
     * Bounds of reading.
     *
     * @param memory bytes of pieces that are kept
     * @param deadline from the question for a piece to its bytes
     * @param pause for so long nobody asks an archive that failed again and again
     */
    record Limits(long memory, Duration deadline, Duration pause) {
        /** A player gives up after some twenty seconds, and asks again. */
        static final Limits USUAL = new Limits(64L << 20, Duration.ofSeconds(15), Duration.ofSeconds(5));
    }

    private record Piece(String object, long at, int length) {}

    @FunctionalInterface
    private interface Question {
        byte[] ask() throws IOException;
    }

    private final SpanArchive archive;
    private final Limits limits;
    private final LongSupplier nanos;
    private final ThreadPoolExecutor readers;
    private final Cache<Piece, byte[]> kept;
    private final ConcurrentHashMap<Piece, CompletableFuture<byte[]>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong failedAt = new AtomicLong();

    ArchiveReader(SpanArchive archive, Limits limits, LongSupplier nanos) {
        this.archive = archive;
        this.limits = limits;
        this.nanos = nanos;
        this.readers = new ThreadPoolExecutor(
                READERS,
                READERS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("recording-archive-", 0).daemon().factory());
        readers.allowCoreThreadTimeOut(true);
        this.kept = Caffeine.newBuilder()
                .maximumWeight(limits.memory())
                .<Piece, byte[]>weigher((_, bytes) -> bytes.length)
                .executor(Runnable::run)
                .build();
    }

    /** For how long nobody asks it; empty while it answers, or may. */
    Optional<Duration> away() {
        long left = failedAt.get() + limits.pause().toNanos() - nanos.getAsLong();
        return failures.get() >= FAILURES && left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
    }

    /**
     * Reads a stretch of an object. Returns at once.
     *
     * @param size of the object
     * @return owned by the caller, unpooled; fails with an {@link ArchiveAwayException}, or a {@link NoSuchFileException}
     */
    CompletableFuture<ByteBuf> read(String object, long size, long offset, int length) {
        if (length == 0) {
            return CompletableFuture.completedFuture(Unpooled.EMPTY_BUFFER);
        }
        int first = Math.toIntExact(offset / PIECE);
        int count = Math.toIntExact((offset + length - 1) / PIECE) - first + 1;
        CompletableFuture<?>[] all = new CompletableFuture<?>[count];
        byte[][] found = new byte[count][];
        for (int i = 0; i < count; i++) {
            int at = i;
            long from = (long) (first + i) * PIECE;
            Piece piece = new Piece(object, from, (int) Math.min(PIECE, size - from));
            all[i] = piece(piece).thenAccept(bytes -> found[at] = bytes);
        }
        int skipped = (int) (offset - (long) first * PIECE);
        return CompletableFuture.allOf(all)
                .thenApply(_ -> Unpooled.wrappedBuffer(found).slice(skipped, length));
    }

    /** Reads the heads of a span's fragments, as they were put beside it. Returns at once. */
    CompletableFuture<byte[]> heads(String object) {
        return ask(() -> archive.readAll(object, MOST_HEADS, limits.deadline()));
    }

    private CompletableFuture<byte[]> piece(Piece piece) {
        byte[] there = kept.getIfPresent(piece);
        if (there != null) {
            return CompletableFuture.completedFuture(there);
        }
        CompletableFuture<byte[]> shared = new CompletableFuture<>();
        CompletableFuture<byte[]> first = asked.putIfAbsent(piece, shared);
        if (first != null) {
            return first;
        }
        var _ = ask(() -> archive.read(piece.object(), piece.at(), piece.length(), limits.deadline()))
                .whenComplete((bytes, failure) -> {
                    if (bytes != null) {
                        kept.put(piece, bytes);
                    }
                    // Before anybody hears of it: who asks again then asks anew.
                    asked.remove(piece, shared);
                    if (bytes != null) {
                        shared.complete(bytes);
                    } else {
                        shared.completeExceptionally(
                                failure instanceof CompletionException && failure.getCause() != null
                                        ? failure.getCause()
                                        : failure);
                    }
                });
        return shared;
    }

    private CompletableFuture<byte[]> ask(Question question) {
        Optional<Duration> away = away();
        if (away.isPresent()) {
            return CompletableFuture.failedFuture(new ArchiveAwayException("the archive is away", away.get(), null));
        }
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            readers.execute(() -> answer(question, answer));
        } catch (RejectedExecutionException busy) {
            return CompletableFuture.failedFuture(later("too many read from the archive", busy));
        }
        return answer.orTimeout(limits.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(told(failure)));
    }

    private void answer(Question question, CompletableFuture<byte[]> answer) {
        if (answer.isDone()) {
            return; // nobody waits any more
        }
        try {
            byte[] bytes = question.ask();
            failures.set(0);
            answer.complete(bytes);
        } catch (NoSuchFileException gone) {
            failures.set(0);
            answer.completeExceptionally(gone);
        } catch (IOException | RuntimeException e) {
            LOG.debug("The archive did not answer", e);
            failedAt.set(nanos.getAsLong());
            failures.incrementAndGet();
            answer.completeExceptionally(e);
        }
    }

    private Throwable told(Throwable failure) {
        return failure instanceof NoSuchFileException ? failure : later("the archive does not answer", failure);
    }

    private ArchiveAwayException later(String words, Throwable cause) {
        return new ArchiveAwayException(words, limits.pause(), cause);
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
