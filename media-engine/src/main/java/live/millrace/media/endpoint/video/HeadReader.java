// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import live.millrace.media.container.mp4.FragmentReader;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import live.millrace.media.recording.SpanHeads;
import live.millrace.media.segment.StoredBytes;

/**
 * Reads the heads of the fragments of one span in their order, with few reads: many heads at a time where fragments are small, as those of
 * sound are, and little more than the head where what lies between is large. Of a span in the archive the heads that were put beside it are
 * read, all at once. Blocks; for one thread.
 */
final class HeadReader implements AutoCloseable {
    /** Of a span whose fragments are small. */
    private static final int LARGE_READ = 256 << 10;

    /** A head of a second of frames fits. */
    private static final int SMALL_READ = 4 << 10;

    /** Smaller fragments are read over. */
    private static final int SMALL_FRAGMENT = 32 << 10;

    private final Recordings recordings;
    private final Recording recording;
    private final RecordedSpan span;
    private final Optional<FileChannel> file;
    private final Optional<SpanHeads> kept;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private long bufferAt;
    private int lastLength = SMALL_FRAGMENT;

    /**
     * Opens the span.
     *
     * @throws live.millrace.media.recording.ArchiveAwayException when it is in the archive, which is away
     * @throws IOException when it is gone
     */
    HeadReader(Recordings recordings, Recording recording, RecordedSpan span) throws IOException {
        this.recordings = recordings;
        this.recording = recording;
        this.span = span;
        this.file = file();
        this.kept = file.isPresent() ? Optional.empty() : recordings.heads(recording, span);
        if (file.isEmpty() && kept.isEmpty()) {
            read(0, 1); // is it there at all?
        }
    }

    private Optional<FileChannel> file() throws IOException {
        Optional<Path> path = recordings.open(recording, span, 0, span.bytes()).file();
        try {
            return path.isPresent()
                    ? Optional.of(FileChannel.open(path.get(), StandardOpenOption.READ))
                    : Optional.empty();
        } catch (NoSuchFileException left) {
            return Optional.empty();
        }
    }

    /** A fragment's head: {@code moof}, and the header of {@code mdat}. */
    record Head(FragmentReader.Fragment fragment, ByteBuf bytes) {}

    /**
     * The head of the fragment at a place in the span; empty when there is none.
     *
     * @param end where whole segments end
     */
    Optional<Head> at(long offset, long end) throws IOException {
        if (kept.isPresent()) {
            return kept.get().at(offset).flatMap(head -> head(offset, end, head));
        }
        ByteBuf there = bytes(offset, 8, end);
        int length = there.readableBytes() < 8 ? 0 : FragmentReader.headLength(there);
        if (length == 0 || offset + length > end) {
            return Optional.empty();
        }
        ByteBuf head = bytes(offset, length, end).slice(0, length);
        Optional<Head> found = head(offset, end, head);
        found.ifPresent(each -> lastLength = each.fragment().length());
        return found;
    }

    private static Optional<Head> head(long offset, long end, ByteBuf head) {
        return FragmentReader.read(head)
                .filter(each -> offset + each.length() <= end)
                .map(each -> new Head(each, head));
    }

    /** At least so many bytes, where there are as many. */
    private ByteBuf bytes(long offset, int least, long end) throws IOException {
        boolean there = offset >= bufferAt && offset + least <= bufferAt + buffer.readableBytes();
        if (!there) {
            int wanted = Math.max(least, lastLength < SMALL_FRAGMENT ? LARGE_READ : SMALL_READ);
            buffer = read(offset, (int) Math.min(wanted, end - offset));
            bufferAt = offset;
        }
        int from = Math.toIntExact(offset - bufferAt);
        return buffer.slice(from, buffer.readableBytes() - from);
    }

    private ByteBuf read(long offset, int length) throws IOException {
        if (file.isEmpty()) {
            StoredBytes stored = recordings.open(recording, span, offset, length);
            ByteBuf read = stored.read();
            try {
                return Unpooled.copiedBuffer(read);
            } finally {
                read.release();
            }
        }
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (file.get().read(into, offset + into.position()) < 0) {
                break; // shorter than the index says: damaged
            }
        }
        return Unpooled.wrappedBuffer(into.flip());
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
