// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.Track;
import live.millrace.media.segment.SegmentedTrack;

/**
 * The playlists of a broadcast's tracks: those that go on, and those that ended with their tracks and can be fetched for a while. What
 * changes them runs on the stream's thread; what HTTP reads is concurrent.
 */
final class Renditions {
    /** All tracks of a publisher, twice: more than media that comes as fast as the clock on the wall leaves behind. */
    private static final int MOST_ENDED = 4 * Track.MAX_OF_KIND;

    private final HlsStream stream;
    private final HlsShared shared;

    /** By name, default picture first. */
    private final ConcurrentSkipListMap<String, TrackPlaylist> playlists = new ConcurrentSkipListMap<>(
            Comparator.<String>comparingInt(name -> name.charAt(1)).thenComparing(Comparator.reverseOrder()));

    /** The playlists that go on, by track: others ended with theirs, and are listed by name until their segments are forgotten. */
    private final PlaylistLives lives = new PlaylistLives();

    /** Playlists that have ended and are not forgotten yet, the oldest first. */
    private final Deque<TrackPlaylist> ended = new ArrayDeque<>();

    Renditions(HlsStream stream, HlsShared shared) {
        this.stream = stream;
        this.shared = shared;
    }

    // ---- from any thread --------------------------------------------------------------------------------------

    /** Ended or not; default picture first, then by name. */
    Collection<TrackPlaylist> all() {
        return playlists.values();
    }

    /** By its name, ended or not. */
    Optional<TrackPlaylist> named(String name) {
        return Optional.ofNullable(playlists.get(name));
    }

    /** The one that a track goes on in. */
    Optional<TrackPlaylist> current(SegmentedTrack track) {
        return lives.current(track);
    }

    /** The names of those that go on, of some tracks. */
    Set<String> names(List<SegmentedTrack> tracks) {
        Set<String> names = new HashSet<>();
        tracks.forEach(track -> lives.current(track).ifPresent(playlist -> names.add(playlist.name())));
        return names;
    }

    // ---- on the stream's thread -------------------------------------------------------------------------------

    /** Those that go on. */
    Collection<TrackPlaylist> going() {
        return lives.all();
    }

    /**
     * Begins, before anything is announced.
     *
     * @param nextMediaSequence of the next segment that begins
     */
    void beginAt(long nextMediaSequence) {
        lives.beginAt(nextMediaSequence);
    }

    /** What follows consists of these tracks. One that is announced and silent gets its playlist when it has something to say. */
    void announced(List<SegmentedTrack> tracks) {
        for (SegmentedTrack track : tracks) {
            if (!lives.isSilent(track)) {
                continued(track);
            }
        }
    }

    /** Those that have ended and are not forgotten yet. */
    Collection<TrackPlaylist> ended() {
        return ended;
    }

    /** A track's playlist: the one that goes on, or another when that has ended. */
    TrackPlaylist continued(SegmentedTrack track) {
        TrackPlaylist playlist = lives.current(track).orElseGet(() -> {
            SegmentWindow window = new SegmentWindow(
                    shared, stream::targetDuration, !track.track().isVideo());
            TrackPlaylist fresh =
                    new TrackPlaylist(lives.nextName(track), track, stream.id() + "/", stream, window, shared.held());
            lives.begin(track, fresh);
            playlists.put(fresh.name(), fresh);
            return fresh;
        });
        playlist.track(track);
        return playlist;
    }

    /** A track had something to say. */
    void heard(SegmentedTrack track, long mediaSequence) {
        lives.heard(track, mediaSequence);
    }

    /** The presentation went on so far without what ended with a segment that it does not come back. */
    boolean isOver(long lastSegment) {
        return lives.isOver(lastSegment);
    }

    /** Whoever plays a track that is gone must not ask for its next segment for ever (RFC 8216 §6.2.1). */
    void endVanished(List<SegmentedTrack> tracks) {
        for (TrackPlaylist gone : lives.vanished(tracks, shared.config().segments())) {
            gone.ended();
            ended.addLast(gone);
            shared.timers()
                    .later(
                            () -> stream.live().onOwner(() -> forget(gone)),
                            gone.window().millisAfterEnd());
        }
        while (ended.size() > MOST_ENDED) {
            forget(ended.getFirst());
        }
    }

    private void forget(TrackPlaylist gone) {
        ended.remove(gone);
        if (playlists.remove(gone.name(), gone)) {
            gone.forget();
        }
    }

    /** Players that learn of a track later than of the others never play it. One that fell silent is not waited for. */
    boolean everyTrackHasOne(List<SegmentedTrack> tracks) {
        return everyTrack(tracks, window -> !window.listed().isEmpty());
    }

    /** Likewise, for players that know nothing of parts. */
    boolean everyTrackHasASegment(List<SegmentedTrack> tracks) {
        return everyTrack(tracks, SegmentWindow::hasSegment);
    }

    private boolean everyTrack(List<SegmentedTrack> tracks, Predicate<SegmentWindow> is) {
        for (SegmentedTrack each : tracks) {
            if (!lives.isSilent(each)
                    && lives.current(each)
                            .filter(playlist -> is.test(playlist.window()))
                            .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Lets players begin with the parts of what has no whole segment yet. */
    void lead() {
        lives.all().forEach(TrackPlaylist::lead);
    }

    /** The broadcast is over. */
    void end() {
        lives.all().forEach(TrackPlaylist::ended);
    }

    /** For how long their segments can be asked for, in ms. */
    long millisAfterEnd() {
        return playlists.values().stream()
                .mapToLong(playlist -> playlist.window().millisAfterEnd())
                .max()
                .orElse(0);
    }

    /** Gives all memory back, when nobody can ask any more. */
    void release() {
        List<TrackPlaylist> all = List.copyOf(playlists.values());
        playlists.clear();
        ended.clear();
        lives.clear();
        Releasing.all(all, TrackPlaylist::release);
    }
}
