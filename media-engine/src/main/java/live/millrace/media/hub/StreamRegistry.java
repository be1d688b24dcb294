// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import live.millrace.media.frame.Repair;
import live.millrace.media.tally.Tally;

/** All broadcasts that are on. Thread-safe. A name that nobody publishes to costs nothing. */
public final class StreamRegistry {
    private final ConcurrentHashMap<StreamPath, LiveStream> streams = new ConcurrentHashMap<>();
    private final HubConfig config;
    private final List<StreamListener> listeners;
    private final InstantSource clock;
    private final Tally<Repair> repairs = new Tally<>(Repair.class);

    public StreamRegistry(HubConfig config, List<StreamListener> listeners, InstantSource clock) {
        this.config = config;
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.clock = clock;
    }

    /** Tells one more listener of what happens from now on, after those that listen already. */
    public void listen(StreamListener listener) {
        listeners.add(listener);
    }

    /**
     * Asks for a stream, to begin a broadcast or to go on with one.
     *
     * <p>Called on {@link PublishRequest#owner()}'s thread, where the answer arrives as well.
     */
    public CompletionStage<PublishResult> publish(PublishRequest request) {
        CompletableFuture<PublishResult> result = new CompletableFuture<>();
        if (streams.size() >= config.maxStreams() && !streams.containsKey(request.path())) {
            result.complete(new PublishResult.Refused(PublishResult.Cause.FULL));
            return result;
        }
        LiveStream fresh =
                new LiveStream(request, config, repairs, listeners, clock, () -> streams.remove(request.path()));
        LiveStream current = streams.putIfAbsent(request.path(), fresh);
        if (current == null) {
            boolean begun = false;
            try {
                result.complete(new PublishResult.Accepted(fresh.begin(request)));
                begun = true;
            } finally {
                if (!begun) {
                    streams.remove(request.path(), fresh); // nobody would ever end it
                }
            }
            return result;
        }
        current.offer(request, result);
        return result.exceptionallyCompose(failure -> failure instanceof LiveStream.EndedException
                ? publish(request)
                : CompletableFuture.failedStage(failure));
    }

    public Optional<LiveStream> find(StreamPath path) {
        return Optional.ofNullable(streams.get(path));
    }

    /** What was mended in all streams since the start. */
    public Tally<Repair> repairs() {
        return repairs;
    }

    /** A view that follows changes. */
    public Collection<LiveStream> streams() {
        return streams.values();
    }

    /** Ends a broadcast without grace; answers whether there was one. */
    public boolean end(StreamPath path) {
        LiveStream stream = streams.get(path);
        if (stream != null) {
            stream.end(PublisherHandle.Reason.ENDED);
        }
        return stream != null;
    }

    /** Sends all publishers away, because the server goes down; streams wait for them and viewers stay. */
    public void release() {
        streams.values().forEach(stream -> stream.release(PublisherHandle.Reason.SHUTDOWN));
    }

    /** Ends all of them, because the server goes down. */
    public void close() {
        streams.values().forEach(stream -> stream.end(PublisherHandle.Reason.SHUTDOWN));
    }
}
