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
import live.millrace.media.segment.MediaSegment;

/** A segment that may be asked for: in memory while the playlist lists it, on disk for as long as players may still want it. */
final class StoredSegment {
    private final MediaSegment segment;
    private final Path file;
    private final AtomicBoolean inMemory = new AtomicBoolean(true);
    private volatile boolean onDisk;
    private volatile boolean unlisted;

    StoredSegment(MediaSegment segment, Path file) {
        this.segment = segment;
        this.file = file;
    }

    MediaSegment segment() {
        return segment;
    }

    Path file() {
        return file;
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
            segment.content().release();
        }
    }

    private void forgetIfPossible() {
        if (onDisk && unlisted) {
            release();
        }
    }

    /** The bytes, owned by the caller; from memory at once, else read by the executor. */
    CompletionStage<ByteBuf> content(Executor reader) {
        try {
            if (inMemory.get()) {
                return CompletableFuture.completedStage(segment.content().retainedDuplicate());
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
}
