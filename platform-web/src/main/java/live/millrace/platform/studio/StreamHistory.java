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
import live.millrace.platform.engine.LiveState;
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

    /** So many samples in a row without anything: five seconds or a little more, as the engine's figures are three seconds old. */
    private static final int BARREN = 2;

    /** What is wrong with a stream whose encoder is connected. */
    public enum Trouble {
        /** On air, and nothing comes any more. */
        MEDIA_STALLED,
        /** Connected, and nothing ever came. */
        NO_MEDIA
    }

    private final ObjectProvider<Engine> engine;
    private final Map<UUID, Ring> rings = new ConcurrentHashMap<>();

    StreamHistory(ObjectProvider<Engine> engine) {
        this.engine = engine;
    }

    /** Guarded by itself. */
    private static final class Ring {
        private final ArrayDeque<long[]> samples = new ArrayDeque<>();
        private int peak;
        private int barren;

        synchronized void add(LiveView view) {
            barren = nothingComes(view) ? barren + 1 : 0;
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

        synchronized boolean isBarren() {
            return barren >= BARREN;
        }

        synchronized int peak() {
            return peak;
        }
    }

    @Scheduled(fixedRate = STEP_MILLIS)
    void sample() {
        add(engine.getObject().live());
    }

    void add(List<LiveView> live) {
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

    private static boolean nothingComes(LiveView view) {
        return switch (view.state()) {
            case LIVE -> view.bitrate() == 0;
            case STARTING -> view.video() == null && view.audio() == null;
            default -> false;
        };
    }

    /** What has been wrong with a stream for about five seconds. */
    public Optional<Trouble> trouble(LiveView view) {
        Ring ring = rings.get(view.broadcastId());
        if (ring == null || !ring.isBarren() || !nothingComes(view)) {
            return Optional.empty();
        }
        return Optional.of(view.state() == LiveState.LIVE ? Trouble.MEDIA_STALLED : Trouble.NO_MEDIA);
    }

    /** The most who watched a stream at once. */
    public int peak(LiveView view) {
        Ring ring = rings.get(view.broadcastId());
        return Math.max(view.viewers(), ring == null ? 0 : ring.peak());
    }
}
