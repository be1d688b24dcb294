// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Trials of addresses: a few at a time, the others wait. Thread-safe. */
final class Probes {
    /** Each has a connection and the memory for a picture; people who set up a camera are few. */
    private static final int AT_ONCE = 4;

    /** Whoever comes behind these would wait for minutes. */
    private static final int MOST_WAITING = 64;

    private static final Probe NOT_NOW =
            new Probe(Optional.of(SourceFailure.UNREACHABLE), List.of(), List.of(), Optional.empty());

    private final Surroundings around;
    private final Supplier<EventLoop> loops;

    /** Guarded by itself, with the number of those that run. */
    private final Deque<Trial> waiting = new ArrayDeque<>();

    private int running;

    Probes(Surroundings around, Supplier<EventLoop> loops) {
        this.around = around;
        this.loops = loops;
    }

    CompletionStage<Probe> probe(SourceAddress address) {
        Trial trial = new Trial(address, around, loops.get());
        synchronized (waiting) {
            if (running == AT_ONCE && waiting.size() == MOST_WAITING) {
                return CompletableFuture.completedStage(NOT_NOW);
            }
            waiting.add(trial);
        }
        var _ = trial.result().whenComplete((_, _) -> over());
        next();
        return trial.result();
    }

    private void over() {
        synchronized (waiting) {
            running--;
        }
        next();
    }

    private void next() {
        Trial first;
        synchronized (waiting) {
            first = running < AT_ONCE ? waiting.poll() : null;
            running += first == null ? 0 : 1;
        }
        if (first != null) {
            first.start();
        }
    }
}
