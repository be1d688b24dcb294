// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.Probe;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceMode;
import live.millrace.media.source.SourceStatus;
import live.millrace.media.source.Sources;
import live.millrace.platform.engine.FetchChanged;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.engine.FetchView;
import live.millrace.platform.engine.FetchedFrom;
import live.millrace.platform.engine.FetchedStreams;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** The sources of the embedded engine, in the site's words. */
@Component
class EmbeddedSources implements FetchedStreams {
    /** A trial waits for those before it as well. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private final EmbeddedEngine engine;

    EmbeddedSources(EmbeddedEngine engine, ApplicationEventPublisher events) {
        this.engine = engine;
        engine.hear((path, status) -> events.publishEvent(new FetchChanged(path.name(), view(status))));
    }

    private Optional<Sources> sources() {
        return engine.sources();
    }

    @Override
    public void put(String channel, FetchedFrom from, boolean always, @Nullable FetchFailure stopped) {
        sources()
                .ifPresent(all -> all.put(
                        StreamPath.live(channel),
                        address(from, SourceAddress.USUAL_PATIENCE),
                        always ? SourceMode.ALWAYS : SourceMode.ON_DEMAND,
                        Optional.ofNullable(stopped).map(why -> SourceFailure.valueOf(why.name()))));
    }

    private static SourceAddress address(FetchedFrom from, Duration patience) {
        return new SourceAddress(
                from.uri(),
                from.user(),
                from.password(),
                from.datagrams(),
                from.privateNetworks() ? SourceAddress.Reach.PRIVATE : SourceAddress.Reach.PUBLIC,
                patience);
    }

    @Override
    public void remove(String channel) {
        sources().ifPresent(all -> all.remove(StreamPath.live(channel)));
    }

    @Override
    public Optional<FetchView> status(String channel) {
        return sources().flatMap(all -> all.status(StreamPath.live(channel))).map(EmbeddedSources::view);
    }

    private static FetchView view(SourceStatus status) {
        return new FetchView(
                switch (status.state()) {
                    case IDLE -> FetchView.State.IDLE;
                    case STARTING -> FetchView.State.STARTING;
                    case RUNNING -> FetchView.State.RUNNING;
                    case WAITING -> FetchView.State.WAITING;
                    case STOPPED -> FetchView.State.STOPPED;
                },
                status.since(),
                status.failure()
                        .map(failure -> FetchFailure.valueOf(failure.name()))
                        .orElse(null),
                status.lastMedia().orElse(null));
    }

    @Override
    public Set<String> channels() {
        return sources()
                .map(all -> all.all().keySet().stream().map(StreamPath::name).collect(Collectors.toUnmodifiableSet()))
                .orElseGet(Set::of);
    }

    @Override
    public FetchTrial probe(FetchedFrom from, Duration patience) throws InterruptedException {
        Optional<Sources> running = sources();
        if (running.isEmpty()) {
            return FetchTrial.failed(FetchFailure.UNREACHABLE);
        }
        try {
            return trial(running.get()
                    .probe(address(from, patience))
                    .toCompletableFuture()
                    .get(patience.plus(TURN).toMillis(), TimeUnit.MILLISECONDS));
        } catch (IllegalArgumentException unspoken) {
            return FetchTrial.failed(FetchFailure.PROTOCOL);
        } catch (ExecutionException | TimeoutException late) {
            return FetchTrial.failed(FetchFailure.UNREACHABLE);
        }
    }

    @Override
    public boolean neighbour(InetSocketAddress address) {
        return engine.neighbour(address);
    }

    private static FetchTrial trial(Probe probe) {
        return new FetchTrial(
                probe.failure()
                        .map(failure -> FetchFailure.valueOf(failure.name()))
                        .orElse(null),
                probe.codecs(),
                probe.leftOut(),
                probe.picture().orElse(null));
    }
}
