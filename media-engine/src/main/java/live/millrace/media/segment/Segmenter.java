// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a live stream into MPEG-TS segments. With pictures, a playlist starts at a random access point and segments end
 * at one where {@link CutRule} allows; without, they are cut by time. Whatever breaks the media's continuity (a publisher that
 * came back, a changed format, a new clock) ends the segment, and the next one is marked.
 *
 * <p>Confined to the stream's thread.
 */
public final class Segmenter implements Subscriber {
    private static final int FIRST_ALLOCATION = 256 << 10;

    /** A last frame's length when nothing after it tells. */
    private static final long DEFAULT_FRAME = Timescale.MPEG / 25;

    /** Pictures, or sound without pictures, that pause for longer have stopped. */
    private static final long STANDSTILL = Timescale.MPEG;

    private final SegmenterConfig config;
    private final SegmentListener listener;
    private final InstantSource clock;
    private final ByteBufAllocator alloc;
    private final TsMuxer muxer;
    private final CutRule rule;

    // Lifetime of the broadcast.
    private long mediaSequence;
    private long discontinuitySequence;
    private boolean anySegment;

    // Lifetime of a run of media without a break.
    private List<Track> tracks = List.of();
    private boolean hasVideo;
    private boolean started;
    private boolean breakPending;
    private Instant runStartedAt = Instant.EPOCH;
    private long runStart;

    // Lifetime of a segment.
    private @Nullable ByteBuf buffer;
    private long segmentStart;
    private boolean independent;
    private long lastTime;
    private long lastStep = DEFAULT_FRAME;

    /**
     * Makes a segmenter for one broadcast.
     *
     * @param firstMediaSequence above every number that was ever given out for the channel
     * @param firstDiscontinuitySequence likewise
     */
    public Segmenter(
            SegmenterConfig config,
            long firstMediaSequence,
            long firstDiscontinuitySequence,
            SegmentListener listener,
            InstantSource clock,
            ByteBufAllocator alloc) {
        this.config = config;
        this.listener = listener;
        this.clock = clock;
        this.alloc = alloc;
        this.muxer = new TsMuxer(alloc);
        this.rule = new CutRule(config);
        this.mediaSequence = firstMediaSequence;
        this.discontinuitySequence = firstDiscontinuitySequence;
    }

    @Override
    public void tracks(List<Track> newTracks) {
        close(lastTime + lastStep);
        tracks = List.copyOf(newTracks);
        hasVideo = tracks.stream().anyMatch(Track::isVideo);
        muxer.tracks(tracks);
        rule.restart();
        started = false;
        breakPending = anySegment;
    }

    @Override
    public void frame(MediaFrame frame) {
        boolean video = frame.track().isVideo();
        long time = Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MPEG);
        if (started && video == hasVideo && leavesHole(time)) {
            // Everything paused for longer than the segment may last: what follows is another run.
            close(lastTime + lastStep);
            started = false;
            breakPending = anySegment;
            rule.restart();
        }
        if (!started) {
            if (hasVideo && !(video && frame.randomAccessPoint())) {
                return; // nothing can be decoded before the first random access point
            }
            started = true;
            runStart = time;
            runStartedAt = clock.instant();
            open(time, frame.randomAccessPoint());
            rule.cutBefore(time, 0, frame.randomAccessPoint(), !hasVideo);
        } else if (video == hasVideo) {
            boolean keyFrame = frame.randomAccessPoint();
            boolean full = buffer != null && buffer.readableBytes() >= config.maxBytes();
            if (rule.cutBefore(time, time - segmentStart, keyFrame, !hasVideo) || (full && rule.targetForEnd() > 0)) {
                close(time);
                open(time, keyFrame);
            }
        } else if (hasVideo
                && time - lastTime > STANDSTILL
                && rule.cutBefore(time, time - segmentStart, false, false)) {
            // The picture stands still: the sound alone carries the playlist on.
            close(time);
            open(time, false);
        }
        if (video == hasVideo) {
            lastStep = time > lastTime && time - lastTime < Timescale.MPEG ? time - lastTime : lastStep;
            lastTime = time;
        }
        ByteBuf out = buffer;
        if (out != null) {
            muxer.write(frame, out);
        }
    }

    private boolean leavesHole(long time) {
        return time - lastTime > STANDSTILL && rule.cutBefore(time, time - segmentStart, false, !hasVideo);
    }

    @Override
    public void paused() {
        close(lastTime + lastStep);
        started = false;
    }

    @Override
    public void ended() {
        close(lastTime + lastStep);
        listener.ended();
    }

    private void open(long time, boolean randomAccessPoint) {
        ByteBuf out = alloc.buffer(FIRST_ALLOCATION);
        buffer = out;
        segmentStart = time;
        lastTime = time;
        independent = randomAccessPoint;
        if (breakPending) {
            discontinuitySequence++;
        }
        muxer.startSegment(breakPending, out);
    }

    private void close(long end) {
        ByteBuf out = buffer;
        if (out == null) {
            return;
        }
        buffer = null;
        try {
            int target = rule.targetForEnd();
            // Exact bytes of their own: pooled memory goes back at once, whatever a playlist keeps.
            ByteBuf content = Unpooled.directBuffer(out.readableBytes(), out.readableBytes())
                    .writeBytes(out);
            long duration = Math.clamp(end - segmentStart, 1, (long) target * Timescale.MPEG + Timescale.MPEG / 2 - 1);
            Instant at = runStartedAt.plusNanos((segmentStart - runStart) * 100_000 / 9);
            listener.segment(
                    new MediaSegment(
                            mediaSequence++,
                            discontinuitySequence,
                            breakPending,
                            duration,
                            at,
                            independent,
                            content.asReadOnly()),
                    target,
                    tracks);
            anySegment = true;
            breakPending = false;
        } finally {
            out.release();
        }
    }

    /** Whether any of the tracks is a picture. */
    public static boolean hasVideo(List<Track> tracks) {
        return tracks.stream().anyMatch(track -> track.format() instanceof TrackFormat.Video);
    }
}
