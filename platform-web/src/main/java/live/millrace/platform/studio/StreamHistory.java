// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The last ten minutes of each stream's figures, so that a page that comes later draws the same curves, and the most who ever watched it
 * at once. In memory: three hundred samples for each stream that is on air, gone with it. Thread-safe.
 */
@Component
public class StreamHistory {
    /** Between two samples. */
    static final int STEP_MILLIS = 2_000;

    /** Ten minutes. */
    static final int MOST = 300;

    private final ObjectProvider<Engine> engine;
    private final Map<UUID, Ring> rings = new ConcurrentHashMap<>();

    StreamHistory(ObjectProvider<Engine> engine) {
        this.engine = engine;
    }

    /** Guarded by itself. */
    private static final class Ring {
        private final ArrayDeque<long[]> samples = new ArrayDeque<>();
        private int peak;

        synchronized void add(LiveView view) {
            samples.add(new long[] {view.bitrate() / 1_000, Math.round(view.frameRate() * 10)});
            if (samples.size() > MOST) {
                samples.remove();
            }
            peak = Math.max(peak, view.viewers());
        }

        synchronized HistoryEvent event() {
            List<Long> bitrates = new ArrayList<>(samples.size());
            List<Double> frameRates = new ArrayList<>(samples.size());
            for (long[] sample : samples) {
                bitrates.add(sample[0]);
                frameRates.add(sample[1] / 10.0);
            }
            return new HistoryEvent("history", STEP_MILLIS, bitrates, frameRates);
        }

        synchronized int peak() {
            return peak;
        }
    }

    @Scheduled(fixedRate = STEP_MILLIS)
    void sample() {
        List<LiveView> live = engine.getObject().live();
        rings.keySet().retainAll(live.stream().map(LiveView::broadcastId).collect(Collectors.toSet()));
        for (LiveView view : live) {
            rings.putIfAbsent(view.broadcastId(), new Ring());
            Ring ring = rings.get(view.broadcastId());
            if (ring != null) {
                ring.add(view);
            }
        }
    }

    /** What a page draws first. */
    public HistoryEvent of(Optional<LiveView> live) {
        return live.map(view -> rings.get(view.broadcastId()))
                .map(Ring::event)
                .orElseGet(() -> new HistoryEvent("history", STEP_MILLIS, List.of(), List.of()));
    }

    /** The most who watched a stream at once. */
    public int peak(LiveView view) {
        Ring ring = rings.get(view.broadcastId());
        return Math.max(view.viewers(), ring == null ? 0 : ring.peak());
    }
}
