// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.time.Timescale;

/**
 * Cuts one track into parts and segments. Where segments begin is told to it; parts end before they would become longer than their
 * target. A frame's duration is known when the next one comes, so that one frame is always held back.
 *
 * <p>Confined to the stream's thread.
 */
final class TrackCutter {
    private final SegmentedTrack track;
    private final SegmentListener listener;
    private final ByteBufAllocator alloc;
    private final long partTarget;
    private final LongFunction<Instant> wallClock;
    private final int timescale;

    // Lifetime of a run of media.
    private int fragments;
    private int lastDuration;

    // Lifetime of a segment.
    private boolean open;
    private long mediaSequence = -1;
    private long discontinuitySequence = -1;
    private boolean discontinuity;
    private long segmentStart;
    private boolean independent;
    private SampleTable table = new SampleTable();
    private final List<ByteBuf> parts = new ArrayList<>();
    private int segmentBytes;

    // Lifetime of a part.
    private final List<MediaFrame> held = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private long partStart;
    private int partBytes;

    /**
     * Makes a cutter for one run of media.
     *
     * @param partTarget in the track's timescale
     * @param wallClock the instant of a decode time in milliseconds
     */
    TrackCutter(
            SegmentedTrack track,
            SegmentListener listener,
            ByteBufAllocator alloc,
            long partTarget,
            LongFunction<Instant> wallClock) {
        this.track = track;
        this.listener = listener;
        this.alloc = alloc;
        this.partTarget = partTarget;
        this.wallClock = wallClock;
        this.timescale = track.track().timescale();
        this.lastDuration = track.track().isVideo() ? timescale / 25 : timescale / 50;
    }

    SegmentedTrack track() {
        return track;
    }

    boolean isOpen() {
        return open;
    }

    /** It had a segment, and has none open. */
    boolean hasEnded() {
        return !open && fragments > 0;
    }

    /** Of the open segment, or the last one; -1 before the first. */
    long mediaSequence() {
        return mediaSequence;
    }

    /** Likewise. */
    long discontinuitySequence() {
        return discontinuitySequence;
    }

    /** It has an open segment of which no part was given out. */
    boolean isUntold() {
        return open && parts.isEmpty();
    }

    /** The open segment is marked. */
    boolean isAfterBreak() {
        return discontinuity;
    }

    /** Gives up the open segment, of which no part was given out; the caller owns its frames. */
    List<MediaFrame> takeBack() {
        List<MediaFrame> frames = List.copyOf(held);
        held.clear();
        partBytes = 0;
        open = false;
        return frames;
    }

    /** Bytes of the open segment. */
    int bytes() {
        return segmentBytes + partBytes;
    }

    /** Begins a segment at a frame's time. */
    void begin(long sequence, long discontinuities, boolean afterBreak, MediaFrame first) {
        open = true;
        mediaSequence = sequence;
        discontinuitySequence = discontinuities;
        discontinuity = afterBreak;
        segmentStart = first.decodeTime();
        partStart = segmentStart;
        independent = first.randomAccessPoint();
    }

    /** Takes a frame of the open segment. */
    void frame(MediaFrame frame) {
        if (!held.isEmpty()) {
            lastDuration = (int) Math.clamp(frame.decodeTime() - held.getLast().decodeTime(), 1, 10L * timescale);
            if (frame.decodeTime() + lastDuration - partStart > partTarget) {
                endPart(frame.decodeTime());
            }
        }
        held.add(frame.retain());
        partBytes += frame.payload().readableBytes();
    }

    private void endPart(long end) {
        if (held.isEmpty()) {
            return;
        }
        samples.clear(); // of a part that failed
        boolean startsClean = held.getFirst().randomAccessPoint();
        for (int i = 0; i < held.size(); i++) {
            long next = i + 1 < held.size() ? held.get(i + 1).decodeTime() : end;
            samples.add(Sample.of(
                    held.get(i), (int) Math.clamp(next - held.get(i).decodeTime(), 1, 10L * timescale)));
        }
        ByteBuf content = fragment();
        int offset = segmentBytes + content.readableBytes() - partBytes; // the media data is the fragment's end
        for (Sample sample : samples) {
            int bytes = sample.payload().readableBytes();
            table.add(offset, bytes, sample.duration(), sample.compositionTimeOffset(), sample.sync());
            offset += bytes;
        }
        segmentBytes += content.readableBytes();
        List<MediaFrame> done = List.copyOf(held);
        held.clear();
        samples.clear();
        partBytes = 0;
        long start = partStart;
        partStart = end;
        Releasing.all(done, MediaFrame::release);
        long duration =
                Timescale.convert(end, timescale, Timescale.MPEG) - Timescale.convert(start, timescale, Timescale.MPEG);
        listener.part(
                track,
                new Part(
                        mediaSequence,
                        discontinuitySequence,
                        parts.size() - 1,
                        // A picture that stood longer than a part may be: its fragment says so, the list must not.
                        Math.clamp(duration, 1, Timescale.convert(partTarget, timescale, Timescale.MPEG)),
                        startsClean,
                        segmentTime(),
                        discontinuity,
                        content.retainedDuplicate().asReadOnly()));
    }

    /** The open part's frames in a movie fragment, which is the segment's from here on. */
    private ByteBuf fragment() {
        ByteBuf content = alloc.directBuffer(partBytes + 128 + 16 * held.size());
        boolean whole = false;
        try {
            FragmentWriter.write(++fragments, track.track(), held.getFirst().decodeTime(), samples, content);
            parts.add(content);
            whole = true;
        } finally {
            if (!whole) {
                content.release();
            }
        }
        return content;
    }

    private Instant segmentTime() {
        return wallClock.apply(Timescale.convert(segmentStart, timescale, Timescale.MILLIS));
    }

    /** Ends the open segment where the next one begins, or where the last frame's usual length ends. */
    void end(long end, boolean forced) {
        if (!open) {
            return;
        }
        endPart(end);
        open = false;
        ByteBuf content = joined();
        long duration = Timescale.convert(end, timescale, Timescale.MPEG)
                - Timescale.convert(segmentStart, timescale, Timescale.MPEG);
        TrackSegment segment = new TrackSegment(
                track.track(),
                mediaSequence,
                discontinuitySequence,
                discontinuity,
                segmentStart,
                Math.max(1, duration),
                segmentTime(),
                independent,
                forced,
                table,
                content.asReadOnly());
        table = new SampleTable();
        segmentBytes = 0;
        listener.segment(track, segment);
    }

    /** The segment's parts in exact bytes of their own: pooled memory goes back at once, whatever a playlist keeps. */
    private ByteBuf joined() {
        ByteBuf content = Unpooled.directBuffer(Math.max(1, segmentBytes), Math.max(1, segmentBytes));
        List<ByteBuf> done = List.copyOf(parts);
        boolean whole = false;
        try {
            for (ByteBuf part : done) {
                content.writeBytes(part, part.readerIndex(), part.readableBytes());
            }
            parts.clear();
            Releasing.all(done);
            whole = true;
        } finally {
            if (!whole) {
                content.release();
            }
        }
        return content;
    }

    /** Where the last frame ends, as far as one can tell. */
    long expectedEnd() {
        return held.isEmpty() ? partStart : held.getLast().decodeTime() + lastDuration;
    }

    void release() {
        List<MediaFrame> frames = List.copyOf(held);
        List<ByteBuf> buffers = List.copyOf(parts);
        held.clear();
        samples.clear();
        parts.clear();
        partBytes = 0;
        segmentBytes = 0;
        open = false;
        try {
            Releasing.all(frames, MediaFrame::release);
        } finally {
            Releasing.all(buffers);
        }
    }
}
