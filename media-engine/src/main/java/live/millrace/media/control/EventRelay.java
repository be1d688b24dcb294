// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries the hub's events from event loops to the {@link EngineListener}'s thread, in order. */
public final class EventRelay implements StreamListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRelay.class);
    private static final long CLOSE_SECONDS = 10;

    private final EngineListener listener;
    private final ToIntFunction<StreamPath> viewers;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("engine-events").daemon().factory());

    public EventRelay(EngineListener listener, ToIntFunction<StreamPath> viewers) {
        this.listener = listener;
        this.viewers = viewers;
    }

    @Override
    public void created(LiveStream stream) {
        stateChanged(stream, StreamState.PROBING, StreamState.PROBING);
    }

    @Override
    public void stateChanged(LiveStream stream, StreamState from, StreamState to) {
        StreamStatus status = StreamStatus.of(stream, viewers.applyAsInt(stream.path()));
        tell(() -> listener.stateChanged(status, from, to));
    }

    @Override
    public void tracksChanged(LiveStream stream) {
        StreamStatus status = StreamStatus.of(stream, viewers.applyAsInt(stream.path()));
        tell(() -> listener.tracksChanged(status));
    }

    private void tell(Runnable event) {
        try {
            thread.execute(() -> {
                try {
                    event.run();
                } catch (RuntimeException e) {
                    LOG.warn("An event of the engine was not taken", e);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("An event came after the end", closed);
        }
    }

    /** Delivers what is waiting, for ten seconds at most. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Events of the engine were lost: their listener is too slow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
