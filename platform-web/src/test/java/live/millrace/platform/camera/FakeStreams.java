// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.engine.FetchView;
import live.millrace.platform.engine.FetchedFrom;
import live.millrace.platform.engine.FetchedStreams;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** An engine that fetches nothing and remembers what it was told. */
public final class FakeStreams implements FetchedStreams {
    /** Puts one in the place of the engine's. */
    @TestConfiguration(proxyBeanMethods = false)
    public static class InPlace {
        @Bean
        @Primary
        FakeStreams fakeStreams() {
            return new FakeStreams();
        }
    }

    /** What was put. */
    public record Put(
            FetchedFrom from, boolean always, @Nullable FetchFailure stopped) {}

    private final Map<String, Put> puts = new ConcurrentHashMap<>();
    private final Map<String, FetchView> views = new ConcurrentHashMap<>();
    private volatile FetchTrial trial = new FetchTrial(null, List.of("H.264"), List.of(), null);
    private volatile FetchedFrom tried = new FetchedFrom(URI.create("rtsp://none"), "", "", false, false);

    private volatile Predicate<InetSocketAddress> neighbours = _ -> true;

    Optional<Put> of(String channel) {
        return Optional.ofNullable(puts.get(channel));
    }

    void answers(FetchTrial next) {
        trial = next;
    }

    FetchedFrom tried() {
        return tried;
    }

    /** Which addresses a device may be at; all, unless said. */
    public void neighbours(Predicate<InetSocketAddress> which) {
        neighbours = which;
    }

    @Override
    public boolean neighbour(InetSocketAddress address) {
        return neighbours.test(address);
    }

    void is(String channel, FetchView view) {
        views.put(channel, view);
    }

    @Override
    public void put(String channel, FetchedFrom from, boolean always, @Nullable FetchFailure stopped) {
        puts.put(channel, new Put(from, always, stopped));
    }

    @Override
    public void remove(String channel) {
        puts.remove(channel);
        views.remove(channel);
    }

    @Override
    public Optional<FetchView> status(String channel) {
        return puts.containsKey(channel)
                ? Optional.of(
                        views.getOrDefault(channel, new FetchView(FetchView.State.IDLE, Instant.EPOCH, null, null)))
                : Optional.empty();
    }

    @Override
    public Set<String> channels() {
        return Set.copyOf(puts.keySet());
    }

    @Override
    public FetchTrial probe(FetchedFrom from, Duration patience) {
        tried = from;
        return trial;
    }
}
