// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns of a peer's executor. A timer or a stage keeps to itself what is thrown in it, and the connection would stay open without a
 * word: here the peer hears of it.
 */
record Turns(EventExecutor executor, PublishPeer peer) {
    /** Once, after a time. */
    ScheduledFuture<?> after(Duration time, Runnable turn) {
        return executor.schedule(() -> run(turn), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Again and again, until cancelled. */
    ScheduledFuture<?> every(long millis, Runnable turn) {
        return executor.scheduleAtFixedRate(() -> run(turn), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Takes an answer in a turn of its own. */
    <T> void take(CompletionStage<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        take(answer, executor, taker);
    }

    /** Takes an answer before anything else happens, if it comes on the executor. */
    <T> void takeAtOnce(CompletionStage<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        take(
                answer,
                task -> {
                    if (executor.inEventLoop()) {
                        task.run();
                    } else {
                        executor.execute(task);
                    }
                },
                taker);
    }

    private <T> void take(CompletionStage<T> answer, Executor on, BiConsumer<@Nullable T, @Nullable Throwable> taker) {
        var _ = answer.handleAsync(
                (value, failure) -> {
                    run(() -> taker.accept(value, failure));
                    return true;
                },
                on);
    }

    /** Does something now; what it throws ends the connection. */
    void run(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error e) {
            peer.failed(e); // the boundary of a turn: above it is nobody
        }
    }
}
