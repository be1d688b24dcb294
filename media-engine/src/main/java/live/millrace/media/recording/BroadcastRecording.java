// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.frame.Track;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.TrackSegment;
import org.jspecify.annotations.Nullable;

/**
 * Hands what is cut of a broadcast to whoever writes it, and decides what is not kept when that is slower, or must not write: all of it, up
 * to the next random access point. On the stream's thread, where nothing waits.
 */
final class BroadcastRecording implements SegmentListener {
    private final RecordingWriter writer;
    private final RecordingQueue queue;
    private final RecordingQueue.Share share;
    private final Consumer<Runnable> tasks;
    private final RecordingTallies tallies;
    private final Runnable onEnded;
    private final Map<String, RecordedTrack> formats = new HashMap<>();
    private @Nullable String leading;

    /** Grows with each break that the cut has, and with each that is made here. */
    private long stretch;

    private long discontinuity = -1;
    private boolean dropping;
    private int turns;

    /** Segments below are not kept. */
    private long from;

    private final LongAdder dropped = new LongAdder();

    /**
     * Hands nothing on yet.
     *
     * @param tasks what the thread that writes has to do, in order
     * @param tallies count for all recordings
     * @param onEnded on the thread that writes, behind all that was cut
     */
    BroadcastRecording(
            RecordingWriter writer,
            RecordingQueue queue,
            long shareBytes,
            Consumer<Runnable> tasks,
            RecordingTallies tallies,
            Runnable onEnded) {
        this.writer = writer;
        this.queue = queue;
        this.share = new RecordingQueue.Share(shareBytes);
        this.tasks = tasks;
        this.tallies = tallies;
        this.onEnded = onEnded;
    }

    RecordingWriter writer() {
        return writer;
    }

    /** Parts that were not kept, from any thread. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public void tracks(List<SegmentedTrack> tracks) {
        leading = tracks.isEmpty() ? null : tracks.getFirst().name();
        // Which of the track's formats it is says whoever writes.
        tracks.forEach(each -> formats.put(each.name(), recorded(each, 0)));
    }

    /** A track as it is recorded. */
    static RecordedTrack recorded(SegmentedTrack cut, int format) {
        Track track = cut.track();
        ByteBuf section = Unpooled.buffer();
        InitializationSection.write(List.of(track), section);
        boolean picture = track.format() instanceof TrackFormat.Video;
        return new RecordedTrack(
                cut.name(),
                format,
                track.format().codecString(),
                track.timescale(),
                picture ? ((TrackFormat.Video) track.format()).width() : 0,
                picture ? ((TrackFormat.Video) track.format()).height() : 0,
                section.asReadOnly());
    }

    @Override
    public void part(SegmentedTrack track, Part part) {
        ByteBuf content = part.content();
        RecordedTrack format = formats.get(track.name());
        int length = content.readableBytes();
        if (format == null || !wanted(track, part) || !queue.take(share, length)) {
            if (format != null && !dropping && part.mediaSequence() >= from) {
                drop(writer.suspended() == null ? RecordingGap.Cause.SLOW : null);
            }
            dropped.increment();
            tallies.dropped().increment();
            content.release();
            return;
        }
        if (part.index() == 0 && part.discontinuitySequence() != discontinuity) {
            if (part.discontinuitySequence() > discontinuity) {
                discontinuity = part.discontinuitySequence();
                stretch++;
            }
        }
        PartFacts facts = new PartFacts(part.index() == 0, stretch, part.mediaSequence(), part.segmentTime());
        tasks.accept(() -> {
            try {
                long before = writer.bytesWritten();
                counted(() -> writer.part(format, facts, content));
                tallies.written().add(writer.bytesWritten() - before);
            } finally {
                content.release();
                queue.give(share, length);
            }
        });
    }

    /** Whether it is kept: after something was lost, all tracks begin with the leading one's next random access point. */
    private boolean wanted(SegmentedTrack track, Part part) {
        if (writer.suspended() != null) {
            return false;
        }
        int now = writer.turns();
        if (now != turns) {
            turns = now; // it may have been suspended while nothing came
            dropping = true;
        }
        if (dropping) {
            if (!track.name().equals(leading) || part.index() != 0 || !part.independent()) {
                return false;
            }
            dropping = false;
            from = part.mediaSequence();
            stretch++;
        }
        return part.mediaSequence() >= from;
    }

    /** On the thread that writes: it was not paused before, and the disk failed it. */
    private void counted(Runnable writing) {
        boolean paused = writer.suspended() != null;
        writing.run();
        if (!paused && writer.suspended() == RecordingGap.Cause.DISK) {
            tallies.failures().increment();
        }
    }

    private void drop(RecordingGap.@Nullable Cause cause) {
        dropping = true;
        if (cause != null) {
            tasks.accept(() -> writer.interrupt(cause));
        }
    }

    @Override
    public void segment(SegmentedTrack track, TrackSegment segment) {
        RecordedSegment said = RecordedSegment.said(segment);
        segment.content().release(); // the parts were it
        if (!dropping && segment.mediaSequence() >= from) {
            tasks.accept(() -> counted(() -> writer.segment(track.name(), said)));
        }
    }

    @Override
    public void ended() {
        tasks.accept(onEnded);
    }
}
