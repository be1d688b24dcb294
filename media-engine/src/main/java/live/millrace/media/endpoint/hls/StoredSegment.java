// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.media.http.HttpAnswer;

/**
 * The bytes of a segment: in memory while a playlist lists it, on disk afterwards. Thread-safe.
 *
 * @see SegmentFiles
 */
final class StoredSegment {
    private final long mediaSequence;
    private final long duration;
    private final ByteBuf content;
    private final int size;
    private final int[] partEnds;
    private final Path file;
    private final AtomicBoolean inMemory = new AtomicBoolean(true);
    private volatile boolean onDisk;
    private volatile boolean unlisted;

    /**
     * Keeps a segment.
     *
     * @param duration in units of 90 kHz
     * @param content owned from here on
     * @param partEnds where each of its parts ends; empty when it has none
     */
    StoredSegment(long mediaSequence, long duration, ByteBuf content, int[] partEnds, Path file) {
        this.mediaSequence = mediaSequence;
        this.duration = duration;
        this.content = content;
        this.size = content.readableBytes();
        this.partEnds = partEnds;
        this.file = file;
    }

    long mediaSequence() {
        return mediaSequence;
    }

    long duration() {
        return duration;
    }

    /** Of the memory copy; valid until {@link #release}. */
    ByteBuf memory() {
        return content;
    }

    Path file() {
        return file;
    }

    int parts() {
        return partEnds.length;
    }

    /** The file is whole. */
    void written() {
        onDisk = true;
        forgetIfPossible();
    }

    /** The playlist lists it no longer. */
    void unlist() {
        unlisted = true;
        forgetIfPossible();
    }

    /** Gives its memory back; only files of {@link #written} segments can still be read. */
    void release() {
        if (inMemory.compareAndSet(true, false)) {
            content.release();
        }
    }

    private void forgetIfPossible() {
        if (onDisk && unlisted) {
            release();
        }
    }

    /** The bytes, in memory or in the file; what holds them is owned by the caller. */
    HttpAnswer.Content content(Executor reader) {
        if (!onDisk) {
            try {
                return new HttpAnswer.Content.Memory(content.retainedDuplicate());
            } catch (IllegalReferenceCountException released) {
                // Between the question and the answer it went to disk, or away.
            }
        }
        return new HttpAnswer.Content.File(
                file,
                0,
                size,
                (from, length) -> bytes(reader).thenApply(whole -> slice(whole, Math.toIntExact(from), length)));
    }

    /** The bytes, owned by the caller; from memory at once, else read by the executor. */
    CompletionStage<ByteBuf> bytes(Executor reader) {
        try {
            if (inMemory.get()) {
                return CompletableFuture.completedStage(content.retainedDuplicate());
            }
        } catch (IllegalReferenceCountException released) {
            // Between the question and the answer it went to disk.
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Unpooled.wrappedBuffer(Files.readAllBytes(file));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                reader);
    }

    /** The bytes of one part, likewise. */
    CompletionStage<ByteBuf> part(int index, Executor reader) {
        int from = index == 0 ? 0 : partEnds[index - 1];
        return bytes(reader).thenApply(whole -> slice(whole, from, partEnds[index] - from));
    }

    /** A piece of what is owned, owned in its place. */
    private static ByteBuf slice(ByteBuf whole, int from, int length) {
        try {
            return whole.retainedSlice(whole.readerIndex() + from, length);
        } finally {
            whole.release();
        }
    }
}
