// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a test does beside itself, on a thread of its own: the common pool has one for each core but one, and whoever waits there for bytes keeps
 * all other tests waiting.
 */
public final class Beside {
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    private Beside() {}

    public static <T> CompletableFuture<T> supply(Supplier<T> what) {
        return CompletableFuture.supplyAsync(what, THREADS);
    }

    public static CompletableFuture<Void> run(Runnable what) {
        return CompletableFuture.runAsync(what, THREADS);
    }
}
