// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.hub.StreamSource;
import org.jspecify.annotations.Nullable;

/** All streams of an engine that are fetched, and how: the hub starts those that viewers want, this starts those that are always on. */
public final class SourceRegistry implements Sources, StreamSource, AutoCloseable {
    /** A house has some tens of cameras, a town some thousand; more is somebody who tries names. */
    private static final int MOST = 10_000;

    private final ConcurrentHashMap<StreamPath, FetchedStream> all = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AddressGuard guard = new AddressGuard();
    private final SourceTallies tallies = SourceTallies.fresh();
    private final Surroundings around;
    private final Supplier<EventLoop> loops;
    private final Probes probes;

    /**
     * Knows none yet.
     *
     * @param loops gives each stream a loop, which owns it
     */
    public SourceRegistry(
            StreamRegistry registry,
            List<SourceProtocol> protocols,
            SourceProtocol.Sockets sockets,
            Supplier<EventLoop> loops,
            InstantSource clock) {
        this.loops = loops;
        this.around = new Surroundings(registry, guard, List.copyOf(protocols), sockets, clock, this::changed, tallies);
        this.probes = new Probes(around, loops);
    }

    /** Decides on addresses. */
    public AddressGuard guard() {
        return guard;
    }

    /** Tells what is counted: how many there are by what they do, how attempts went, and what came. */
    public void meters(Meters meters) {
        for (SourceStatus.State state : SourceStatus.State.values()) {
            meters.gauge(
                    "millrace.sources." + state.name().toLowerCase(Locale.ROOT),
                    "fetched streams that are " + state.name().toLowerCase(Locale.ROOT),
                    all,
                    each -> each.values().stream()
                            .filter(stream -> stream.status().state() == state)
                            .count());
        }
        meters.tally("millrace.sources.attempts", "outcome", "attempts to fetch streams", tallies.attempts());
        meters.tally("millrace.sources.failures", "cause", "attempts that failed, or were cut off", tallies.failures());
        meters.bytes("millrace.sources.received", "media that was fetched", tallies.received());
    }

    private void changed(StreamPath path, SourceStatus status) {
        listeners.forEach(each -> each.changed(path, status));
    }

    @Override
    public void put(StreamPath path, SourceAddress address, SourceMode mode, Optional<SourceFailure> stopped) {
        if (around.protocol(address).isEmpty()) {
            throw new IllegalArgumentException("nothing here speaks the scheme of this address");
        }
        // In one with the map: what is told a stream that was removed a moment ago would run for ever.
        all.compute(path, (_, before) -> {
            if (before != null) {
                before.put(address, mode, stopped);
                return before;
            }
            if (all.size() >= MOST) {
                throw new IllegalArgumentException("more than " + MOST + " streams to fetch");
            }
            FetchedStream fresh = new FetchedStream(path, address, mode, loops.get(), around);
            stopped.ifPresentOrElse(why -> fresh.put(address, mode, stopped), fresh::startIfAlways);
            return fresh;
        });
    }

    @Override
    public boolean speaks(SourceAddress address) {
        return around.protocol(address).isPresent();
    }

    @Override
    public boolean remove(StreamPath path) {
        AtomicBoolean there = new AtomicBoolean();
        all.computeIfPresent(path, (_, removed) -> {
            removed.remove();
            there.set(true);
            return null;
        });
        return there.get();
    }

    @Override
    public Optional<SourceStatus> status(StreamPath path) {
        return Optional.ofNullable(all.get(path)).map(FetchedStream::status);
    }

    @Override
    public Map<StreamPath, SourceStatus> all() {
        Map<StreamPath, SourceStatus> copy = new HashMap<>();
        all.forEach((path, stream) -> copy.put(path, stream.status()));
        return copy;
    }

    @Override
    public CompletionStage<Probe> probe(SourceAddress address) {
        return probes.probe(address);
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    // ---- for the hub --------------------------------------------------------------------------------------------

    @Override
    public boolean brings(StreamPath path) {
        FetchedStream stream = all.get(path);
        return stream != null && stream.canStart();
    }

    @Override
    public Run start(StreamPath path) {
        AtomicReference<@Nullable Run> run = new AtomicReference<>();
        all.computeIfPresent(path, (_, stream) -> {
            run.set(stream.start());
            return stream;
        });
        Run started = run.get();
        if (started == null) {
            throw new IllegalStateException("it was removed a moment ago");
        }
        return started;
    }

    /** Fetches nothing any more. Does not wait. */
    @Override
    public void close() {
        all.values().forEach(FetchedStream::close);
        guard.close();
    }
}
