// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.tally.Tally;
import live.millrace.media.time.Timescale;

/** Counts frames and publishes a {@link StreamStatistics} each second of media. Confined to the stream's thread. */
final class StatisticsMeter {
    private static final long WINDOW_NANOS = 2_000_000_000L;

    /** So long after the last frame the figures of its window say nothing any more. */
    private static final long STALE_NANOS = 3_000_000_000L;

    private volatile StreamStatistics published = StreamStatistics.NONE;
    private volatile long lastFrameNanos;

    // Lifetime of a window.
    private long windowStart;
    private boolean windowOpen;
    private long windowBytes;
    private long windowPictures;

    // Lifetime of a publish session.
    private long lastKeyFrame = -1;
    private long keyFrameInterval;
    private long maxKeyFrameInterval;
    private Optional<LinkQuality> link = Optional.empty();

    // Lifetime of the broadcast.
    private long bitrate;
    private double frameRate;
    private long frames;
    private long bytes;
    private final Map<Repair, Long> repairs = new EnumMap<>(Repair.class);
    private final Tally<Repair> engineRepairs;
    private boolean repairsChanged;
    private Map<Repair, Long> publishedRepairs = Map.of();

    /** @param engineRepairs counts for all streams together */
    StatisticsMeter(Tally<Repair> engineRepairs) {
        this.engineRepairs = engineRepairs;
    }

    StreamStatistics snapshot() {
        return published;
    }

    /** The same for people: what stands still has no bit rate. On any thread. */
    StreamStatistics snapshot(long nowNanos) {
        StreamStatistics last = published;
        return last.frames() == 0 || nowNanos - lastFrameNanos < STALE_NANOS ? last : last.still();
    }

    void newSession() {
        windowOpen = false;
        lastKeyFrame = -1;
        keyFrameInterval = 0;
        maxKeyFrameInterval = 0;
        link = Optional.empty();
        publish();
    }

    void silence() {
        windowOpen = false;
        bitrate = 0;
        frameRate = 0;
        link = Optional.empty();
        publish();
    }

    void link(LinkQuality now) {
        link = Optional.of(now);
        publish();
    }

    void repaired(Repair repair) {
        repairs.merge(repair, 1L, Long::sum);
        repairsChanged = true;
        engineRepairs.count(repair);
    }

    void cut() {
        repaired(Repair.LINE_CUT);
        lastKeyFrame = -1;
    }

    void frame(MediaFrame frame, long nowNanos) {
        frames++;
        lastFrameNanos = nowNanos;
        if (!windowOpen) {
            windowOpen = true;
            windowStart = nowNanos;
            windowBytes = 0;
            windowPictures = 0;
        }
        long elapsed = nowNanos - windowStart;
        if (elapsed >= WINDOW_NANOS) {
            bitrate = windowBytes * 8 * 1_000_000_000L / elapsed;
            frameRate = windowPictures * 1e9 / elapsed;
            windowStart = nowNanos;
            windowBytes = 0;
            windowPictures = 0;
            publish();
        } else if (frame.track().id() == Track.VIDEO && frame.randomAccessPoint()) {
            publish(); // also what becomes of no frame
        }
        bytes += frame.payload().readableBytes();
        windowBytes += frame.payload().readableBytes();
        if (frame.track().id() == Track.VIDEO) {
            windowPictures++;
        }
    }

    /** Looks at a frame on the broadcast's own clock: what a publisher's says of key frames is a jump now and then. */
    void mapped(MediaFrame frame) {
        if (frame.track().id() == Track.VIDEO && frame.randomAccessPoint()) {
            long time = Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MILLIS);
            if (lastKeyFrame >= 0) {
                keyFrameInterval = time - lastKeyFrame;
                maxKeyFrameInterval = Math.max(maxKeyFrameInterval, keyFrameInterval);
            }
            lastKeyFrame = time;
            publish();
        }
    }

    private void publish() {
        if (repairsChanged) {
            repairsChanged = false;
            publishedRepairs = Map.copyOf(repairs);
        }
        published = new StreamStatistics(
                bitrate, frameRate, keyFrameInterval, maxKeyFrameInterval, frames, bytes, publishedRepairs, link);
    }
}
