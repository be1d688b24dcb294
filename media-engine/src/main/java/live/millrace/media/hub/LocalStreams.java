// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Finds the streams of one node. A viewer who comes before the stream does waits, for its publisher as long as he likes and for a
 * source that is started for him {@value #START_SECONDS} s at most. A name that nobody waits for costs nothing.
 *
 * <p>Thread-safe; a {@link StreamListener} of the registry.
 */
public final class LocalStreams implements StreamLocator, StreamListener {
    private static final int START_SECONDS = 15;

    private static final Duration START = Duration.ofSeconds(START_SECONDS);

    private static final Location OFFLINE = new Location.Offline();

    /** One who waits, known by its identity. */
    private static final class Waiting {
        final CompletableFuture<Location> location = new CompletableFuture<>();
    }

    private final Function<StreamPath, Optional<LiveStream>> find;
    private final SourceRuns sources;
    private final Duration start;
    private final ConcurrentHashMap<StreamPath, Set<Waiting>> waiting = new ConcurrentHashMap<>();

    /**
     * Nobody waits yet.
     *
     * @param find looks for a stream that is on
     * @param sources asked in this order, by those who want a stream that is not on
     * @param linger how long a source brings a stream that nobody takes
     */
    public LocalStreams(Function<StreamPath, Optional<LiveStream>> find, List<StreamSource> sources, Duration linger) {
        this(find, sources, linger, START);
    }

    /** @param start how long a source that is started is waited for */
    LocalStreams(
            Function<StreamPath, Optional<LiveStream>> find,
            List<StreamSource> sources,
            Duration linger,
            Duration start) {
        this.find = find;
        this.start = start;
        this.sources = new SourceRuns(
                sources, linger, this::isWanted, path -> find.apply(path).isPresent(), this::cameNot);
    }

    @Override
    public Optional<LiveStream> find(StreamPath path) {
        return find.apply(path);
    }

    @Override
    public boolean offers(StreamPath path) {
        return find.apply(path).isPresent() || sources.canBring(path);
    }

    @Override
    public CompletionStage<Location> locate(StreamPath path, Demand demand) {
        Optional<LiveStream> there = find.apply(path);
        if (there.isPresent()) {
            if (there.get().state() == StreamState.RECONNECTING) {
                sources.bring(path); // its source may have ended
            }
            return CompletableFuture.completedStage(new Location.Local(there.get()));
        }
        boolean brought = sources.bring(path);
        Duration patience = brought ? start : demand.patience();
        if (patience.isZero()) {
            return CompletableFuture.completedStage(OFFLINE);
        }
        Waiting one = new Waiting();
        waiting.compute(path, (_, others) -> {
            Set<Waiting> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(one);
            return all;
        });
        one.location
                .completeOnTimeout(OFFLINE, patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> waitsNoMore(path, one));
        // Between the two looks it may have come, or the source have given up.
        find.apply(path).ifPresent(came -> one.location.complete(new Location.Local(came)));
        if (brought && !sources.bring(path)) {
            one.location.complete(OFFLINE);
        }
        return one.location;
    }

    private void waitsNoMore(StreamPath path, Waiting one) {
        Set<Waiting> left = waiting.computeIfPresent(path, (_, others) -> {
            others.remove(one);
            return others.isEmpty() ? null : others;
        });
        if (left == null) {
            sources.unawaited(path);
        }
    }

    private boolean isWanted(StreamPath path) {
        return waiting.containsKey(path);
    }

    private void cameNot(StreamPath path) {
        tell(path, OFFLINE);
    }

    private void tell(StreamPath path, Location location) {
        Set<Waiting> all = waiting.get(path);
        if (all != null) {
            all.forEach(one -> one.location.complete(location));
        }
    }

    @Override
    public void created(LiveStream stream) {
        tell(stream.path(), new Location.Local(stream));
        sources.lingers(stream); // until the first of them takes it
    }

    @Override
    public void stateChanged(LiveStream stream, StreamState from, StreamState to) {
        if (to == StreamState.ENDED) {
            sources.unawaited(stream.path()); // a source that was to bring it back
        }
    }

    @Override
    public void untaken(LiveStream stream) {
        sources.lingers(stream);
    }

    /** Stops every source. */
    public void close() {
        sources.close();
    }
}
