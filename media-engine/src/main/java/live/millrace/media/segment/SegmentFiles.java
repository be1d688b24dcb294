// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments in files below one directory. One thread writes and deletes in order, off all event loops; when the disk cannot keep up,
 * what comes is not kept and the lag is logged once.
 */
public final class SegmentFiles implements SegmentStore, Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

    /** Segments that wait to be written. At two seconds a segment, this is what a thousand streams produce in half a second. */
    private static final int MAX_QUEUED = 256;

    private static final long CLOSE_SECONDS = 5;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    /** A broadcast's folder of segments that are temporary: by broadcast and the count of its cuts. */
    private static final Pattern TEMPORARY_FOLDER =
            Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}-\\d+");

    /** Files there, half written ones of older versions among them. */
    private static final Pattern TEMPORARY_FILE = Pattern.compile("\\d+\\..*(m4s|ts|part)");

    private final Path directory;
    private final boolean temporary;
    private final ThreadPoolExecutor thread;

    /** The thread's own queue also holds deletions, three for each second of every stream. */
    private final AtomicInteger waiting = new AtomicInteger();

    private boolean complained;

    private SegmentFiles(Path directory, boolean temporary) {
        this.directory = directory;
        this.temporary = temporary;
        if (temporary) {
            deleteTemporary();
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write segments to " + directory, e);
        }
        thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("segment-files").daemon().factory());
    }

    /**
     * Files that are of no use when the process is gone: what an earlier one left is deleted now, and what this one leaves at the end.
     * Only what is named as such files are; whatever else lies in the directory stays.
     *
     * @throws UncheckedIOException when the directory cannot be made
     */
    public static SegmentFiles temporary(Path directory) {
        return new SegmentFiles(directory, true);
    }

    /**
     * Files that stay.
     *
     * @throws UncheckedIOException when the directory cannot be made
     */
    public static SegmentFiles lasting(Path directory) {
        return new SegmentFiles(directory, false);
    }

    private Path path(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of ours: " + name);
        }
        return directory.resolve(name);
    }

    @Override
    public StoredBytes open(String name, long offset, long length) {
        return new FileBytes(path(name), offset, length);
    }

    @Override
    public CompletionStage<StoredBytes> append(String name, ByteBuf content) {
        Path file = path(name);
        if (waiting.incrementAndGet() > MAX_QUEUED) {
            waiting.decrementAndGet();
            complain("the disk is slower than the streams", null);
            return CompletableFuture.failedStage(new RejectedExecutionException("too many segments wait"));
        }
        Append append = new Append(file, content.retainedDuplicate(), new CompletableFuture<>());
        if (!offer(append)) {
            append.abandon();
        }
        return append.kept;
    }

    /** Bytes on their way to a file; holds one reference to them until it has run, or is abandoned. */
    private final class Append implements Runnable {
        private final Path file;
        private final ByteBuf content;
        private final CompletableFuture<StoredBytes> kept;

        Append(Path file, ByteBuf content, CompletableFuture<StoredBytes> kept) {
            this.file = file;
            this.content = content;
            this.kept = kept;
        }

        @Override
        public void run() {
            try {
                kept.complete(appendNow(file, content));
            } catch (IOException e) {
                complain("writing failed", e);
                kept.completeExceptionally(e);
            } finally {
                release();
            }
        }

        void abandon() {
            kept.completeExceptionally(new RejectedExecutionException("closing"));
            release();
        }

        private void release() {
            waiting.decrementAndGet();
            content.release();
        }
    }

    /** A full disk leaves no half segment behind. */
    private static StoredBytes appendNow(Path file, ByteBuf content) throws IOException {
        Files.createDirectories(file.getParent());
        int length = content.readableBytes();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long offset = out.size();
            boolean whole = false;
            try {
                for (long at = offset; content.isReadable(); ) {
                    at += content.readBytes(out, at, content.readableBytes());
                }
                whole = true;
            } finally {
                if (!whole) {
                    out.truncate(offset);
                }
            }
            return new FileBytes(file, offset, length);
        }
    }

    @Override
    public void delete(String name) {
        Path file = path(name);
        execute(() -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                complain("deleting failed", e);
            }
        });
    }

    @Override
    public void deleteFolder(String name) {
        Path folder = path(name);
        execute(() -> {
            try {
                clear(folder, Pattern.compile(".*"));
            } catch (IOException e) {
                complain("deleting failed", e);
            }
        });
    }

    /** Runs something in turn with writes and deletions, unless it is closed. */
    @Override
    public void execute(Runnable task) {
        offer(task);
    }

    private boolean offer(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
            return false;
        }
    }

    private synchronized void complain(String what, @Nullable IOException e) {
        if (!complained) {
            complained = true;
            LOG.warn("Not all segments are kept in {}: {}", directory, what, e);
        }
    }

    private void deleteTemporary() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory)) {
            for (Path folder : folders) {
                if (TEMPORARY_FOLDER.matcher(folder.getFileName().toString()).matches()) {
                    clear(folder, TEMPORARY_FILE);
                }
            }
        } catch (IOException e) {
            LOG.warn("Could not clear {}", directory, e);
        }
    }

    /** Deletes the files of a folder that are named so, and the folder when nothing is left in it. */
    private static void clear(Path folder, Pattern names) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (names.matcher(file.getFileName().toString()).matches()
                        && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        deleteEmpty(folder);
    }

    private void abandon() {
        for (Runnable task : thread.shutdownNow()) {
            if (task instanceof Append append) {
                append.abandon();
            }
        }
    }

    private static void deleteEmpty(Path folder) throws IOException {
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            LOG.trace("{} stays", folder, e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                abandon();
            }
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
        }
        if (temporary) {
            deleteTemporary();
            try {
                deleteEmpty(directory);
            } catch (IOException e) {
                LOG.warn("Could not clear {}", directory, e);
            }
        }
    }
}
