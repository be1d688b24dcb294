// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.segment.SegmentedTrack;

/**
 * Which playlist each track of a broadcast goes on in. A track that is gone ends its playlist after a while; one that comes back gets
 * another, under another name, since an ended playlist never changes. Not thread-safe: the stream's thread alone calls it, but for
 * {@link #current}.
 */
final class PlaylistLives {
    /** An encoder that reconnects sends its sound a second after its picture: so many segments are waited for. */
    private static final int PATIENCE = 3;

    private final ConcurrentHashMap<Integer, TrackPlaylist> current = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> lives = new HashMap<>();

    /** The last segment that each track had a part of. */
    private final Map<Integer, Long> heard = new HashMap<>();

    /** Tracks that are announced and fell silent: they are not waited for. */
    private final Set<Integer> silent = new HashSet<>();

    private long newest;

    /**
     * Begins, before anything is announced.
     *
     * @param nextMediaSequence of the next segment that begins
     */
    void beginAt(long nextMediaSequence) {
        newest = nextMediaSequence - 1;
    }

    private static int id(SegmentedTrack track) {
        return track.track().id();
    }

    /** From any thread. */
    Optional<TrackPlaylist> current(SegmentedTrack track) {
        return Optional.ofNullable(current.get(id(track)));
    }

    Collection<TrackPlaylist> all() {
        return current.values();
    }

    /** The name of a track's first playlist is the track's: {@code a0}; then {@code a0-1}. */
    String nextName(SegmentedTrack track) {
        int before = lives.getOrDefault(id(track), 0);
        return before == 0 ? track.name() : track.name() + "-" + before;
    }

    void begin(SegmentedTrack track, TrackPlaylist playlist) {
        current.put(id(track), playlist);
        lives.merge(id(track), 1, Integer::sum);
        silent.remove(id(track));
        heard.putIfAbsent(id(track), newest);
    }

    /** It ended its playlist although it is announced: the next one begins with its sound, not with its name. */
    boolean isSilent(SegmentedTrack track) {
        return silent.contains(id(track));
    }

    /** A track had something to say. */
    void heard(SegmentedTrack track, long mediaSequence) {
        heard.merge(id(track), mediaSequence, Math::max);
        newest = Math.max(newest, mediaSequence);
    }

    /** The presentation went on so far without what ended with a segment that it does not come back. */
    boolean isOver(long lastSegment) {
        return newest - lastSegment >= PATIENCE;
    }

    /**
     * Takes out the playlists whose tracks are gone: which the presentation has no longer, or which said nothing for a whole window.
     * The leading track may be silent for as long as it likes: a picture that stands still.
     *
     * @param now the tracks of the presentation, the leading one first
     * @param window the segments of a playlist
     */
    List<TrackPlaylist> vanished(List<SegmentedTrack> now, int window) {
        List<TrackPlaylist> gone = new ArrayList<>();
        for (int id : List.copyOf(current.keySet())) {
            if (!now.isEmpty() && id(now.getFirst()) == id) {
                continue;
            }
            boolean present = now.stream().anyMatch(track -> id(track) == id);
            if (newest - heard.getOrDefault(id, newest) >= (present ? window : PATIENCE)) {
                gone.add(current.remove(id));
                heard.remove(id);
                if (present) {
                    silent.add(id);
                }
            }
        }
        return gone;
    }

    /** None goes on. */
    void clear() {
        current.clear();
    }
}
