// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments on disk, named by broadcast and number alone. One thread writes and deletes in order, off all event loops; when the
 * disk cannot keep up, segments stay in memory and the lag is logged once.
 */
final class SegmentFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

    /** Segments that wait to be written. At two seconds a segment, this is what a thousand streams produce in half a second. */
    private static final int MAX_QUEUED = 256;

    private static final long CLOSE_SECONDS = 5;

    private final Path directory;
    private final ScheduledThreadPoolExecutor thread;
    /** The thread's own queue also holds deletions that are due in a minute, three for each second of every stream. */
    private final AtomicInteger waiting = new AtomicInteger();

    private boolean complained;

    /** Empties the directory: nothing in it can be asked for any more. */
    SegmentFiles(Path directory) {
        this.directory = directory;
        delete(directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write segments to " + directory, e);
        }
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("hls-files").daemon().factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Names of files are ours alone: nothing in them comes from a peer. */
    Path path(UUID broadcast, long run, String name) {
        return folder(broadcast, run).resolve(name);
    }

    private Path folder(UUID broadcast, long run) {
        return directory.resolve(broadcast + "-" + run);
    }

    /**
     * Writes a segment some time soon.
     *
     * @param content borrowed; the caller's reference must outlive {@code written}
     * @param written called on the file thread when the file is whole
     */
    void write(Path file, ByteBuf content, Runnable written) {
        if (waiting.incrementAndGet() > MAX_QUEUED) {
            waiting.decrementAndGet();
            complain("the disk is slower than the streams", null);
            return;
        }
        ByteBuf held = content.retainedDuplicate();
        boolean given = false;
        try {
            thread.execute(() -> {
                try {
                    writeNow(file, held);
                    written.run();
                } catch (IOException e) {
                    complain("writing failed", e);
                } finally {
                    waiting.decrementAndGet();
                    held.release();
                }
            });
            given = true;
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        } finally {
            if (!given) {
                waiting.decrementAndGet();
                held.release();
            }
        }
    }

    /** Under another name until it is whole: a full disk leaves no half segment behind. */
    private static void writeNow(Path file, ByteBuf content) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (long at = 0; content.isReadable(); ) {
                at += content.readBytes(out, at, content.readableBytes());
            }
        }
        Files.move(part, file);
    }

    /** Runs something on the file thread after a time. */
    void later(Runnable task, long millis) {
        try {
            var _ = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        }
    }

    /** Deletes one file; on the file thread. */
    void deleteNow(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            complain("deleting failed", e);
        }
    }

    /** Deletes a broadcast's folder; on the file thread. */
    void deleteBroadcast(UUID broadcast, long run) {
        delete(folder(broadcast, run));
    }

    private synchronized void complain(String what, @org.jspecify.annotations.Nullable IOException e) {
        if (!complained) {
            complained = true;
            LOG.warn("Segments stay in memory, not in {}: {}", directory, what, e);
        }
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("Could not clear {}", tree, e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        delete(directory);
    }
}
