// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for what no event loop may do: read files, write long playlists, list the samples of hours. What waits for them is bounded. */
final class VideoWork implements AutoCloseable {
    /** One request reads one piece at a time: a few threads keep any disk busy. */
    private static final int READERS = 8;

    /** As many waiting pieces as there may be sockets. */
    private static final int MOST_READINGS = 20_000;

    private static final int LISTERS = 2;
    private static final int MOST_LISTS = 2_000;

    /** Each may take a minute of a slow disk. */
    private static final int BUILDERS = 2;

    private static final int MOST_BUILDINGS = 256;

    /** Of one recording, or of one stream. */
    private static final int MOST_OF_SUBJECT = 16;

    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor readers = pool("video-readers-", READERS, MOST_READINGS);
    private final ThreadPoolExecutor listers = pool("video-lists-", LISTERS, MOST_LISTS);
    private final ThreadPoolExecutor builders = pool("video-movies-", BUILDERS, BUILDERS);
    private final FairTasks buildings = new FairTasks(builders, BUILDERS, MOST_BUILDINGS, MOST_OF_SUBJECT);

    private static ThreadPoolExecutor pool(String name, int threads, int waiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                Thread.ofPlatform().name(name, 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Reads from a file; fails with a {@link RejectedExecutionException} when too many do. */
    <T> CompletionStage<T> read(Callable<T> task) {
        return submit(task, readers);
    }

    /** Writes a playlist, likewise. */
    <T> CompletionStage<T> list(Callable<T> task) {
        return submit(task, listers);
    }

    /**
     * Reads what a file is made of, likewise.
     *
     * @param subject what it is read from: turns go round between subjects
     */
    <T> CompletionStage<T> build(String subject, Callable<T> task) {
        return submit(task, run -> buildings.submit(subject, run));
    }

    private static <T> CompletionStage<T> submit(Callable<T> task, Executor pool) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            pool.execute(() -> {
                try {
                    result.complete(task.call());
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException busy) {
            result.completeExceptionally(busy);
        }
        return result;
    }

    @Override
    public void close() {
        readers.shutdownNow();
        listers.shutdownNow();
        builders.shutdownNow();
    }
}
