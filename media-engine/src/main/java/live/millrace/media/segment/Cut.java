// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.LiveStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broadcast's segmenter cuts while somebody wants it, handed to each listener behind a bulkhead: one that fails is told of the end
 * and hears no more, and the others go on. Nobody copies: each listener gets references of its own. Confined to the stream's thread.
 */
final class Cut implements SegmentListener {
    private static final Logger LOG = LoggerFactory.getLogger(Cut.class);

    /** Of the presentation's segments, by number: enough for the longest playlist. */
    private static final int REMEMBERED_DURATIONS = 256;

    private final LiveStream live;
    private final SequenceNumbers numbers;
    private final Consumer<Repair> repairs;
    private final Consumer<Cut> onUnwanted;
    private final Segmenter segmenter;
    private final List<SegmentListener> listeners = new ArrayList<>();
    private final OpenParts open = new OpenParts();
    private final TreeMap<Long, Long> durations = new TreeMap<>();
    private @Nullable List<SegmentedTrack> tracks;
    private boolean ended;

    /**
     * Cuts nothing yet: its segmenter has no frames.
     *
     * @param repairs told of each
     * @param maker of the segmenter, which cuts for the listener that it is given
     * @param onUnwanted told when its last listener is gone, if that was before the end
     */
    Cut(
            LiveStream live,
            SequenceNumbers numbers,
            Consumer<Repair> repairs,
            Function<SegmentListener, Segmenter> maker,
            Consumer<Cut> onUnwanted) {
        this.live = live;
        this.numbers = numbers;
        this.repairs = repairs;
        this.onUnwanted = onUnwanted;
        this.segmenter = maker.apply(this);
    }

    Segmenter segmenter() {
        return segmenter;
    }

    boolean isEnded() {
        return ended;
    }

    /** Adds a listener, which gets what is known of the open segments and follows from there. */
    void add(SegmentListener listener) {
        listeners.add(listener);
        List<SegmentedTrack> now = tracks;
        if (now != null) {
            tell(listener, added -> {
                added.tracks(now);
                open.forEach((track, part) -> added.part(track, part.retained()));
            });
        }
    }

    void remove(SegmentListener listener) {
        if (listeners.remove(listener)) {
            stopIfUnwanted();
        }
    }

    int listeners() {
        return listeners.size();
    }

    /** Of a segment of the presentation, in units of 90 kHz; empty when it is not known, or long ago. */
    OptionalLong duration(long mediaSequence) {
        Long known = durations.get(mediaSequence);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }

    @Override
    public void tracks(List<SegmentedTrack> now) {
        tracks = now;
        tellAll(listener -> listener.tracks(now));
    }

    @Override
    public void part(SegmentedTrack track, Part part) {
        open.add(track, part);
        if (part.index() == 0) {
            numbers.issued(part.mediaSequence(), part.discontinuitySequence()); // whether it ever ends or not
        }
        tellAll(listener -> listener.part(track, part.retained()));
    }

    @Override
    public void segment(SegmentedTrack track, TrackSegment segment) {
        try {
            open.end(track);
            durations.putIfAbsent(segment.mediaSequence(), segment.duration());
            if (durations.size() > REMEMBERED_DURATIONS) {
                durations.pollFirstEntry();
            }
            List<SegmentedTrack> now = tracks;
            if (segment.forcedCut() && now != null && now.indexOf(track) == 0) {
                repairs.accept(Repair.FORCED_CUT);
            }
            tellAll(listener -> listener.segment(track, segment.retained()));
        } finally {
            segment.content().release();
        }
    }

    @Override
    public void ended() {
        ended = true;
        List<SegmentListener> last = List.copyOf(listeners);
        listeners.clear();
        last.forEach(this::end);
        open.release();
    }

    /** Gives back what it holds and what was not finished. */
    void release() {
        try {
            segmenter.release();
        } finally {
            open.release();
        }
    }

    private void tellAll(Consumer<SegmentListener> call) {
        for (SegmentListener each : List.copyOf(listeners)) {
            tell(each, call);
        }
    }

    private void tell(SegmentListener listener, Consumer<SegmentListener> call) {
        try {
            call.accept(listener);
        } catch (RuntimeException e) {
            if (listeners.remove(listener)) {
                LOG.error("A listener to the segments of {} failed and is ended; the others go on", live.path(), e);
                end(listener);
                stopIfUnwanted();
            }
        }
    }

    private void end(SegmentListener listener) {
        try {
            listener.ended();
        } catch (RuntimeException e) {
            LOG.error("A listener to the segments of {} could not be ended", live.path(), e);
        }
    }

    private void stopIfUnwanted() {
        if (listeners.isEmpty() && !ended) {
            onUnwanted.accept(this);
        }
    }
}
