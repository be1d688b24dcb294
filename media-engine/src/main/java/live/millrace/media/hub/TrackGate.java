// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * Holds the first frames of a publish session back until its tracks are known, so that sound which comes 50 ms after
 * the picture does not cost a cut. It opens when sound and picture have both come, and every track that was announced, or after a
 * second of media with what is there.
 */
final class TrackGate {
    private static final int OPENS_AFTER_MILLIS = 1_000;

    /** A second of 60 pictures and 47 audio frames, twice over. */
    private static final int MAX_FRAMES = 250;

    private static final long MAX_BYTES = 16L << 20;

    private final List<Track> tracks = new ArrayList<>();
    private final Deque<MediaFrame> held = new ArrayDeque<>();
    private long heldBytes;
    private boolean open;

    boolean isOpen() {
        return open;
    }

    List<Track> tracks() {
        return List.copyOf(tracks);
    }

    /** Closes the gate for a new session. */
    void reset() {
        tracks.clear();
        drop();
        open = false;
    }

    void drop() {
        List<MediaFrame> dropped = List.copyOf(held);
        held.clear();
        heldBytes = 0;
        Releasing.all(dropped, MediaFrame::release);
    }

    /** Notes a track, in the place of one with its id. */
    void track(Track track) {
        tracks.removeIf(old -> old.id() == track.id());
        tracks.add(track);
        tracks.sort(Comparator.comparingInt(Track::id));
    }

    /** Holds a frame; answers whether the gate should open now. */
    boolean hold(MediaFrame frame, long millisSinceFirst) {
        held.add(frame.retain());
        heldBytes += frame.payload().readableBytes();
        boolean both = held.stream().anyMatch(f -> f.track().isVideo())
                && held.stream().anyMatch(f -> !f.track().isVideo())
                && tracks.stream()
                        .allMatch(track -> held.stream().anyMatch(f -> f.track().id() == track.id()));
        return both || millisSinceFirst >= OPENS_AFTER_MILLIS || held.size() >= MAX_FRAMES || heldBytes > MAX_BYTES;
    }

    /**
     * Opens the gate. The caller takes over the frames and releases each. Tracks that sent nothing are left out; of one that changed
     * meanwhile, the first frames count, and the change comes with its own.
     */
    Deque<MediaFrame> open() {
        open = true;
        tracks.clear();
        for (MediaFrame frame : held) {
            if (tracks.stream().noneMatch(track -> track.id() == frame.track().id())) {
                tracks.add(frame.track());
            }
        }
        tracks.sort(Comparator.comparingInt(Track::id));
        Deque<MediaFrame> frames = new ArrayDeque<>(held);
        held.clear();
        heldBytes = 0;
        return frames;
    }
}
