// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An open span on a disk, with its journal. Only whole segments count; bytes of one that did not end may stand behind them until the span is
 * closed. Confined to the thread that writes; every method blocks for the disk.
 */
final class SpanFile implements AutoCloseable {
    private final Path path;
    private final Path journalPath;
    private final FileChannel file;
    private final FileChannel journal;
    private final SpanHead head;
    private final List<RecordedSegment> segments = new ArrayList<>();

    /** Where the last whole segment ends. */
    private long end;

    /** Where what was written ends. */
    private long written;

    private boolean dirty;

    private SpanFile(Disk disk, Path path, SpanHead head) throws IOException {
        this.path = path;
        this.journalPath = journal(path);
        this.head = head;
        // Its journal is there first: by it a span is found that somebody was killed over.
        this.journal = disk.open(journalPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel second = null;
        try {
            second = disk.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            this.file = second;
            write(file, head.track().initialization().nioBuffer());
            write(journal, ByteBuffer.wrap(SpanJournal.head(head)));
        } catch (IOException e) {
            closeAll(journal, second);
            Files.deleteIfExists(path);
            Files.deleteIfExists(journalPath);
            throw e;
        }
        this.end = head.bytes();
        this.written = end;
    }

    /** Where the journal of a span is. */
    static Path journal(Path span) {
        String name = span.getFileName().toString();
        return span.resolveSibling(name.substring(0, name.length() - ".mp4".length()) + ".idx");
    }

    /**
     * Begins a span.
     *
     * @param force the folder's entry is forced to the disk: else all of the span goes with the power
     */
    static SpanFile create(Disk disk, Path path, SpanHead head, boolean force) throws IOException {
        Path parent = Objects.requireNonNull(path.getParent());
        Files.createDirectories(parent);
        SpanFile fresh = new SpanFile(disk, path, head);
        if (force) {
            try (FileChannel folder = disk.open(parent, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
        return fresh;
    }

    SpanHead head() {
        return head;
    }

    /** Adds bytes behind all others. */
    void append(ByteBuf content) throws IOException {
        dirty = true;
        for (ByteBuffer each : content.nioBuffers()) {
            while (each.hasRemaining()) {
                written += file.write(each); // a disk that is full takes the first bytes
            }
        }
    }

    /** All that was appended since the last one is a segment. */
    RecordedSegment endSegment(RecordedSegment said) throws IOException {
        RecordedSegment segment = new RecordedSegment(
                said.sequence(),
                end,
                Math.toIntExact(written - end),
                said.duration(),
                said.independent(),
                said.programDateTime());
        write(journal, ByteBuffer.wrap(SpanJournal.segment(segment)));
        segments.add(segment);
        end = written;
        return segment;
    }

    /** Bytes of a segment that has not ended. */
    long unfinished() {
        return written - end;
    }

    /** Gives up the segment that has not ended. */
    void dropUnfinished() throws IOException {
        if (written > end) {
            file.truncate(end);
            written = end;
        }
    }

    /** Forces to the disk what was written, if anything was. */
    void force() throws IOException {
        if (dirty) {
            dirty = false;
            file.force(false);
        }
    }

    long bytes() {
        return end;
    }

    int size() {
        return segments.size();
    }

    RecordedSpan span(boolean closed) {
        return head.span(SegmentTable.of(segments), closed);
    }

    /** Whether a span or its journal is there. */
    static boolean anyOf(Path span) {
        return Files.exists(span) || Files.exists(journal(span));
    }

    /** The journal is of no use any more: what it says is known elsewhere. */
    static void forgetJournal(Path span) throws IOException {
        Files.deleteIfExists(journal(span));
    }

    /** Removes a span that has nothing. */
    void delete() throws IOException {
        close();
        Files.deleteIfExists(path);
        Files.deleteIfExists(journalPath);
    }

    @Override
    public void close() throws IOException {
        closeAll(file, journal);
    }

    private static void closeAll(FileChannel first, @Nullable FileChannel second) throws IOException {
        try (first;
                second) {
            // both, whatever the first one says
        }
    }

    private static void write(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
