// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a segment that has an object in a {@link SegmentStore} for itself: in memory while a playlist lists it, in the store
 * afterwards; in memory to the end where the store did not take it. Thread-safe.
 */
public final class StoredSegment {
    private final long mediaSequence;
    private final long duration;
    private final ByteBuf content;
    private final int size;
    private final int[] partEnds;
    private final SegmentStore store;
    private final String name;
    private final AtomicBoolean inMemory = new AtomicBoolean(true);
    /** Once the store has it: the same for all who ask. */
    private volatile @Nullable StoredBytes stored;

    private volatile boolean unlisted;

    /**
     * Keeps a segment in memory.
     *
     * @param duration in units of 90 kHz
     * @param content owned from here on
     * @param partEnds where each of its parts ends; empty when it has none
     * @param name of its object in the store
     */
    public StoredSegment(
            long mediaSequence, long duration, ByteBuf content, int[] partEnds, SegmentStore store, String name) {
        this.mediaSequence = mediaSequence;
        this.duration = duration;
        this.content = content;
        this.size = content.readableBytes();
        this.partEnds = partEnds;
        this.store = store;
        this.name = name;
    }

    public long mediaSequence() {
        return mediaSequence;
    }

    /** In units of 90 kHz. */
    public long duration() {
        return duration;
    }

    /** In bytes. */
    public int size() {
        return size;
    }

    /** Of the memory copy; valid until {@link #release}. */
    public ByteBuf memory() {
        return content;
    }

    public int parts() {
        return partEnds.length;
    }

    /** Writes it to the store some time soon. Once. */
    public void store() {
        var _ = store.append(name, content).thenAccept(kept -> {
            stored = kept;
            forgetIfPossible();
        });
    }

    /** The playlist lists it no longer. */
    public void unlist() {
        unlisted = true;
        forgetIfPossible();
    }

    /** Gives its memory back; it can still be read when it is in the store. */
    public void release() {
        if (inMemory.compareAndSet(true, false)) {
            content.release();
        }
    }

    /** Gives its memory back, and its place in the store: nobody can ask any more. */
    public void delete() {
        release();
        store.delete(name);
    }

    private void forgetIfPossible() {
        if (stored != null && unlisted) {
            release();
        }
    }

    /** The bytes while memory is the only place where they are, owned by the caller; empty when the store has them. */
    public Optional<ByteBuf> unlessStored() {
        if (stored == null) {
            try {
                return Optional.of(content.retainedDuplicate());
            } catch (IllegalReferenceCountException released) {
                // Between the question and the answer it went to the store, or away.
            }
        }
        return Optional.empty();
    }

    /** Where the bytes are in the store, if it took them. */
    public StoredBytes inStore() {
        StoredBytes kept = stored;
        return kept == null ? store.open(name, 0, size) : kept;
    }

    /** The bytes, owned by the caller; from memory at once, else read by the executor. */
    public CompletionStage<ByteBuf> bytes(Executor reader) {
        return bytes(0, size, reader);
    }

    /** The bytes of one part, likewise. */
    public CompletionStage<ByteBuf> part(int index, Executor reader) {
        int from = index == 0 ? 0 : partEnds[index - 1];
        return bytes(from, partEnds[index] - from, reader);
    }

    /**
     * A piece of the bytes, likewise.
     *
     * @param offset in the segment
     * @param length all of it inside the segment
     */
    public CompletionStage<ByteBuf> bytes(int offset, int length, Executor reader) {
        try {
            if (inMemory.get()) {
                return CompletableFuture.completedStage(content.retainedSlice(content.readerIndex() + offset, length));
            }
        } catch (IllegalReferenceCountException released) {
            // Between the question and the answer it went to the store.
        }
        StoredBytes there = store.open(name, offset, length);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return there.read();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                reader);
    }
}
