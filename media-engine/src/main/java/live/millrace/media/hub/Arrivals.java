// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Viewers who came before the stream did. They wait for a while; a name that nobody waits for costs nothing. Thread-safe; a
 * {@link StreamListener} of the registry.
 */
public final class Arrivals implements StreamListener {
    /** One who waits, known by its identity. */
    private static final class Waiting {
        final CompletableFuture<Optional<LiveStream>> arrival = new CompletableFuture<>();
    }

    private final ConcurrentHashMap<StreamPath, Set<Waiting>> waiting = new ConcurrentHashMap<>();
    private final Duration patience;

    /** @param patience how long they wait */
    public Arrivals(Duration patience) {
        this.patience = patience;
    }

    /**
     * The stream of a path, as soon as it is there; empty when it did not come in time. Completes on any thread.
     *
     * @param find looks for it now
     */
    public CompletionStage<Optional<LiveStream>> await(
            StreamPath path, Function<StreamPath, Optional<LiveStream>> find) {
        Optional<LiveStream> there = find.apply(path);
        if (there.isPresent()) {
            return CompletableFuture.completedStage(there);
        }
        Waiting one = new Waiting();
        waiting.compute(path, (_, others) -> {
            Set<Waiting> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(one);
            return all;
        });
        one.arrival
                .completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> waiting.computeIfPresent(path, (_, others) -> {
                    others.remove(one);
                    return others.isEmpty() ? null : others;
                }));
        find.apply(path).ifPresent(came -> one.arrival.complete(Optional.of(came))); // between the two looks
        return one.arrival;
    }

    @Override
    public void created(LiveStream stream) {
        Set<Waiting> all = waiting.get(stream.path());
        if (all != null) {
            all.forEach(one -> one.arrival.complete(Optional.of(stream)));
        }
    }
}
