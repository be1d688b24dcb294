// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a live stream into CMAF segments and parts, once for everybody who plays them in whatever container. The default picture
 * leads, or the default sound where there is none: segments end at its random access points where {@link CutRule} allows, and the other
 * tracks follow at the same times. Whatever breaks the media's continuity (a publisher that came back, a changed format, a new
 * clock) ends all segments, and the next ones are marked.
 *
 * <p>Confined to the stream's thread.
 */
public final class Segmenter implements Subscriber {
    /** Pictures, or sound without pictures, that pause for longer have stopped. */
    private static final long STANDSTILL = Timescale.MPEG;

    /** A picture that is so late for the end of its segment is not waited for: the sound ends it. */
    private static final long LATE_FOR_END = 8 * Timescale.MPEG / 100;

    /** A track that is so far behind a boundary has nothing to say: its segment ends without it. */
    private static final long TOO_LATE = 3 * Timescale.MPEG / 2;

    /** A boundary between two segments, for the tracks that have not come to it. */
    private record Boundary(long mediaSequence, long time) {}

    private final SegmenterConfig config;
    private final SegmentListener listener;
    private final LongFunction<Instant> wallClock;
    private final ByteBufAllocator alloc;
    private final CutRule rule;

    // Lifetime of the segmenter.
    private final long firstSequence;
    private long nextSequence;
    private long discontinuitySequence;
    private boolean anySegment;
    private long frames;
    private final Map<Integer, SegmentedTrack> known = new HashMap<>();

    // Lifetime of a run of media without a break.
    private final List<TrackCutter> cutters = new ArrayList<>();
    private @Nullable TrackCutter leader;
    private boolean hasVideo;
    private boolean started;
    private boolean breakPending;
    private boolean cutRequested;

    /** Tracks that changed while the leading picture stayed what it is: they begin with its next random access point. */
    private @Nullable List<Track> changed;

    private final Deque<Boundary> boundaries = new ArrayDeque<>();

    /** There was a break: tracks that follow behind it are marked as well. */
    private boolean broken;

    // Lifetime of a segment of the leading track.
    private long segmentStart;
    private long lastTime;

    /**
     * Makes a segmenter.
     *
     * @param targetSeconds the target duration: no segment's rounded duration is longer. 0 while it is not decided
     * @param firstMediaSequence above every number that was ever given out for the channel
     * @param firstDiscontinuitySequence likewise
     * @param wallClock the instant of a decode time in milliseconds
     */
    public Segmenter(
            SegmenterConfig config,
            IntSupplier targetSeconds,
            long firstMediaSequence,
            long firstDiscontinuitySequence,
            SegmentListener listener,
            LongFunction<Instant> wallClock,
            ByteBufAllocator alloc) {
        this.config = config;
        this.rule = new CutRule(targetSeconds);
        this.firstSequence = firstMediaSequence;
        this.nextSequence = firstMediaSequence;
        this.discontinuitySequence = firstDiscontinuitySequence;
        this.listener = listener;
        this.wallClock = wallClock;
        this.alloc = alloc;
    }

    /** Whether it can be cut and played: G.711 has no place in any segment. */
    private static boolean segmentable(Track track) {
        return track.format().codec().inSegments();
    }

    @Override
    public void tracks(List<Track> newTracks) {
        TrackCutter first = leader;
        // Told again while it waits, it is the clock that is another: RFC 8216 §4.3.2.3 lets no segment hold the time
        // stamps of both.
        if (first == null || newTracks.equals(changed) || !besideTheLeader(newTracks)) {
            beginRun(newTracks);
        } else if (isUntold(first)) {
            beginAgain(first, newTracks);
        } else {
            // Nobody can begin in the middle of a group of pictures: it is shown to its end.
            changed = newTracks;
            endTracksBut(newTracks);
        }
    }

    /** Whether the pictures go on as they are, and something beside them is new. */
    private boolean besideTheLeader(List<Track> newTracks) {
        TrackCutter first = leader;
        return first != null
                && started
                && hasVideo
                && newTracks.contains(first.track().track())
                // A change that waits may be taken back: what is cut is told again, and the clock is the same.
                && (changed != null
                        || !newTracks.stream()
                                .filter(Segmenter::segmentable)
                                .toList()
                                .equals(cutters.stream()
                                        .map(cutter -> cutter.track().track())
                                        .toList()));
    }

    /** Whether nobody has heard of the open segment yet. */
    private boolean isUntold(TrackCutter first) {
        return cutters.stream()
                .allMatch(cutter -> cutter.isUntold()
                        || (cutter != first && (!cutter.isOpen() || cutter.mediaSequence() < first.mediaSequence())));
    }

    /** The pictures of an open segment that nobody has heard of are the first of the new run. */
    private void beginAgain(TrackCutter first, List<Track> newTracks) {
        long sequence = first.mediaSequence();
        boolean marked = first.isAfterBreak();
        List<MediaFrame> pictures = first.takeBack();
        for (TrackCutter cutter : cutters) {
            if (cutter.isOpen() && cutter.mediaSequence() == sequence) {
                cutter.takeBack().forEach(MediaFrame::release);
            }
        }
        nextSequence = sequence;
        discontinuitySequence -= marked ? 1 : 0;
        anySegment = sequence > firstSequence;
        try {
            beginRun(newTracks);
            pictures.forEach(this::frame);
        } finally {
            Releasing.all(pictures, MediaFrame::release);
        }
    }

    private void endTracksBut(List<Track> going) {
        for (TrackCutter cutter : cutters) {
            if (cutter.isOpen() && !going.contains(cutter.track().track())) {
                cutter.end(cutter.expectedEnd(), false);
            }
        }
    }

    private void beginRun(List<Track> newTracks) {
        closeRun();
        changed = null;
        cutters.clear();
        leader = null;
        for (Track track : newTracks) {
            if (segmentable(track)) {
                SegmentedTrack before = known.get(track.id());
                SegmentedTrack now = before != null && before.track().format().equals(track.format())
                        ? before
                        : new SegmentedTrack(track, firstSequence, before == null ? 0 : before.initialization() + 1);
                known.put(track.id(), now);
                long partTarget = config.partTarget().toMillis() * track.timescale() / 1_000;
                TrackCutter cutter = new TrackCutter(now, listener, alloc, partTarget, wallClock);
                cutters.add(cutter);
                if (leader == null && track.isDefault()) {
                    leader = cutter;
                }
            }
        }
        hasVideo = leader != null && leader.track().track().isVideo();
        rule.restart();
        started = false;
        breakPending = anySegment;
        listener.tracks(cutters.stream().map(TrackCutter::track).toList());
    }

    @Override
    public void frame(MediaFrame frame) {
        frames++;
        List<Track> due = changed;
        if (due != null && frame.track().id() == Track.VIDEO && frame.randomAccessPoint()) {
            beginRun(due);
        }
        TrackCutter cutter = cutter(frame.track());
        TrackCutter first = leader;
        if (cutter == null || first == null) {
            return;
        }
        long time = Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MPEG);
        if (cutter == first) {
            lead(first, frame, time);
        } else if (started) {
            follow(cutter, frame, time);
        }
    }

    private @Nullable TrackCutter cutter(Track track) {
        for (int i = 0; i < cutters.size(); i++) {
            Track known = cutters.get(i).track().track();
            if (known.id() == track.id()) {
                // While a change waits for its picture, the new frames are not of what is being cut.
                return changed == null || known.equals(track) ? cutters.get(i) : null;
            }
        }
        return null;
    }

    private void lead(TrackCutter cutter, MediaFrame frame, long time) {
        boolean start = frame.randomAccessPoint();
        if (started
                && cutter.isOpen()
                && time - lastTime > STANDSTILL
                && rule.cutBefore(time, time - segmentStart, false, !hasVideo)) {
            // Everything paused for longer than the segment may last: what follows is another run.
            closeRun();
            breakPending = anySegment;
            started = false;
            rule.restart();
        }
        if (!started) {
            if (!start) {
                return; // nothing can be decoded before the first random access point
            }
            started = true;
            if (breakPending) {
                discontinuitySequence++;
            }
            boundaries.clear();
            begin(cutter, frame, time);
            rule.cutBefore(time, 0, true, !hasVideo);
        } else if (!cutter.isOpen()) {
            // It stood still, and the sound went on alone: into the segment that the sound began.
            cutter.begin(boundaries.getLast().mediaSequence(), discontinuitySequence, false, frame);
        } else {
            boolean full = cutter.bytes() >= config.maxBytes();
            boolean due = rule.cutBefore(time, time - segmentStart, start, !hasVideo);
            if (due || full || (cutRequested && start)) {
                cutRequested = false;
                cutter.end(frame.decodeTime(), !start && (due || full));
                begin(cutter, frame, time);
            }
        }
        lastTime = time;
        cutter.frame(frame);
        endLateTracks(time);
    }

    private void begin(TrackCutter cutter, MediaFrame frame, long time) {
        boolean afterBreak = breakPending;
        breakPending = false;
        anySegment = true;
        segmentStart = time;
        long sequence = nextSequence++;
        boundaries.addLast(new Boundary(sequence, time));
        cutter.begin(sequence, discontinuitySequence, afterBreak, frame);
        broken |= afterBreak;
    }

    private void follow(TrackCutter cutter, MediaFrame frame, long time) {
        if (time - lastTime > LATE_FOR_END && rule.cutBefore(time, time - segmentStart, false, false)) {
            carryOn(time);
        }
        Boundary into = null;
        for (Boundary boundary : boundaries) {
            if (boundary.mediaSequence() > cutter.mediaSequence() && time >= boundary.time()) {
                into = boundary;
            }
        }
        if (into == null && cutter.hasEnded() && boundaries.getLast().mediaSequence() > cutter.mediaSequence()) {
            into = boundaries.getLast(); // its segment ended before the picture's
        }
        if (into == null) {
            if (!cutter.isOpen()) {
                // Sound that came a little before the first picture belongs to no segment.
                return;
            }
        } else {
            if (cutter.isOpen()) {
                cutter.end(frame.decodeTime(), false);
            }
            // Also when it slept through the segment that began after the break: tags are counted in each playlist by
            // itself.
            boolean afterBreak = broken && cutter.discontinuitySequence() != discontinuitySequence;
            cutter.begin(into.mediaSequence(), discontinuitySequence, afterBreak, frame);
            forgetBoundaries();
        }
        cutter.frame(frame);
    }

    /** The picture stands still: the sound alone carries the presentation on, and the picture's playlist will show gaps. */
    private void carryOn(long time) {
        TrackCutter first = leader;
        if (first != null && first.isOpen()) {
            first.end(
                    Timescale.convert(
                            time, Timescale.MPEG, first.track().track().timescale()),
                    true);
        }
        boundaries.addLast(new Boundary(nextSequence++, time));
        segmentStart = time;
    }

    /** The picture goes on and another track does not: its segment ends, so that the playlist goes on as well. */
    private void endLateTracks(long time) {
        if (boundaries.size() < 2 || time - boundaries.getLast().time() < TOO_LATE) {
            return;
        }
        long newest = boundaries.getLast().mediaSequence();
        for (TrackCutter cutter : cutters) {
            if (cutter.isOpen() && cutter.mediaSequence() < newest) {
                cutter.end(cutter.expectedEnd(), false);
            }
        }
        forgetBoundaries();
    }

    private void forgetBoundaries() {
        long needed = nextSequence - 1;
        for (TrackCutter cutter : cutters) {
            if (cutter.isOpen()) {
                needed = Math.min(needed, cutter.mediaSequence());
            }
        }
        while (boundaries.size() > 1 && boundaries.peekFirst().mediaSequence() < needed) {
            boundaries.removeFirst();
        }
    }

    /**
     * Ends the first segment at the next random access point, short as it may be, so that whoever waits for it can begin. Not before:
     * what follows would be of no use to anybody who begins there.
     */
    public void cutSoon() {
        cutRequested = true;
    }

    /** Of the next segment that begins. */
    long nextMediaSequence() {
        return nextSequence;
    }

    /** Frames so far. */
    public long frames() {
        return frames;
    }

    /** Ends all segments with what there is: what follows is another run. */
    public void endRun() {
        List<Track> due = changed;
        closeRun();
        changed = null;
        started = false;
        breakPending = anySegment;
        if (due != null) {
            // Nobody tells of it again.
            beginRun(due);
        }
    }

    @Override
    public void paused() {
        endRun();
    }

    @Override
    public void ended() {
        try {
            closeRun();
        } finally {
            release();
            listener.ended();
        }
    }

    private void closeRun() {
        for (TrackCutter cutter : cutters) {
            if (cutter.isOpen()) {
                cutter.end(cutter.expectedEnd(), false);
            }
        }
        boundaries.clear();
    }

    /** Gives back what was not finished. */
    public void release() {
        List<TrackCutter> all = List.copyOf(cutters);
        cutters.clear();
        leader = null;
        Releasing.all(all, TrackCutter::release);
    }
}
