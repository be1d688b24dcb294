// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/**
 * The frames since the last random access point of the default picture; of sound alone, those of the last second. What
 * a subscriber that joins late needs to begin. Beyond its bounds it is dropped until the next random access point: an encoder that
 * never sends one costs no memory.
 *
 * <p>Confined to the stream's thread.
 */
final class FrameCache {
    static final int MAX_FRAMES = 2_500;
    static final long MAX_BYTES = 16L << 20;
    static final long MAX_MILLIS = 10_000;
    private static final long SOUND_ALONE_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final ArrayDeque<MediaFrame> frames = new ArrayDeque<>();
    private boolean hasVideo;
    private boolean open;
    private long bytes;

    /** Other tracks: what came before belongs to no subscriber that begins now. */
    void tracks(Iterable<Track> tracks) {
        clear();
        hasVideo = false;
        for (Track track : tracks) {
            hasVideo |= track.isVideo();
        }
    }

    void add(MediaFrame frame) {
        long now = millis(frame);
        boolean start = hasVideo
                ? frame.track().id() == Track.VIDEO && frame.randomAccessPoint()
                : frames.isEmpty() || now - millis(frames.peekFirst()) > SOUND_ALONE_MILLIS;
        if (start) {
            // Sound, and other renditions' key frames, that belong to the new beginning came a little before it.
            long from = hasVideo ? now : now - SOUND_ALONE_MILLIS;
            for (MediaFrame old = frames.peekFirst(); old != null && millis(old) < from; old = frames.peekFirst()) {
                frames.removeFirst();
                bytes -= old.payload().readableBytes();
                old.release();
            }
            open = true;
        }
        if (!open) {
            return;
        }
        frames.addLast(frame.retain());
        bytes += frame.payload().readableBytes();
        if (frames.size() > MAX_FRAMES || bytes > MAX_BYTES || now - millis(frames.peekFirst()) > MAX_MILLIS) {
            clear();
        }
    }

    private static long millis(MediaFrame frame) {
        return Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MILLIS);
    }

    /** Lends every frame, the oldest first. */
    void replay(Consumer<MediaFrame> to) {
        frames.forEach(to);
    }

    void clear() {
        frames.forEach(MediaFrame::release);
        frames.clear();
        bytes = 0;
        open = false;
    }
}
