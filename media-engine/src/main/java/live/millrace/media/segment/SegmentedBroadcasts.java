// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamState;
import live.millrace.media.hub.Subscriber;

/**
 * The broadcasts that somebody asked to have cut, from the first time to their end: whoever wants one in segments finds the same.
 * Thread-safe.
 */
public final class SegmentedBroadcasts implements StreamListener {
    private final SegmenterConfig config;
    private final SequenceNumbers numbers;
    private final ConcurrentHashMap<UUID, SegmentedBroadcast> all = new ConcurrentHashMap<>();

    /** @param numbers gives all of them their numbers */
    public SegmentedBroadcasts(SegmenterConfig config, SequenceNumbers numbers) {
        this.config = config;
        this.numbers = numbers;
    }

    /** A broadcast in segments; nothing is cut before somebody listens. */
    public SegmentedBroadcast of(LiveStream live) {
        SegmentedBroadcast found = all.computeIfAbsent(
                live.broadcastId(),
                _ -> new SegmentedBroadcast(
                        live,
                        config,
                        numbers,
                        least(live),
                        live::repaired,
                        to -> SegmentedBroadcast.Feed.of(live, to)));
        if (live.state() == StreamState.ENDED) {
            all.remove(live.broadcastId(), found); // whoever told of the end may have been here before
        }
        return found;
    }

    /**
     * A broadcast in segments of its own, which are cut of what is brought; nobody else finds them. What is mended for them is not counted: the
     * same is where the stream is cut for all.
     *
     * @param feeder makes what brings the frames to whoever cuts
     */
    public SegmentedBroadcast apart(LiveStream live, Function<Subscriber, SegmentedBroadcast.Feed> feeder) {
        return new SegmentedBroadcast(live, config, numbers, least(live), _ -> {}, feeder);
    }

    private static FirstNumbers least(LiveStream live) {
        return new FirstNumbers(live.identity().firstMedia(), live.identity().firstDiscontinuity());
    }

    /** Broadcasts that are known. */
    public int size() {
        return all.size();
    }

    @Override
    public void stateChanged(LiveStream live, StreamState from, StreamState to) {
        if (to == StreamState.ENDED) {
            all.remove(live.broadcastId());
        }
    }
}
