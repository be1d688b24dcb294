// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.segment.SegmentedTrack;

/**
 * The playlists of a broadcast's tracks: those that go on, and those that ended with their tracks and can be fetched for a while. What
 * changes them runs on the stream's thread; what HTTP reads is concurrent.
 */
final class Renditions {
    private final HlsStream stream;
    private final HlsConfig config;
    private final SegmentFiles files;
    private final AtomicInteger held;

    /** By name, default picture first. */
    private final ConcurrentSkipListMap<String, TrackPlaylist> playlists = new ConcurrentSkipListMap<>(
            Comparator.<String>comparingInt(name -> name.charAt(1)).thenComparing(Comparator.reverseOrder()));

    /** The playlists that go on, by track: others ended with theirs, and are listed by name until their segments are forgotten. */
    private final PlaylistLives lives;

    private final ConcurrentHashMap<String, ByteBuf> initializations = new ConcurrentHashMap<>();

    Renditions(HlsStream stream, HlsConfig config, SegmentFiles files, AtomicInteger held, long firstMedia) {
        this.stream = stream;
        this.config = config;
        this.files = files;
        this.held = held;
        this.lives = new PlaylistLives(firstMedia);
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

    Optional<ByteBuf> initialization(String name) {
        return Optional.ofNullable(initializations.get(name));
    }

    // ---- on the stream's thread -------------------------------------------------------------------------------

    /** Those that go on. */
    Collection<TrackPlaylist> going() {
        return lives.all();
    }

    /** A track's playlist: the one that goes on, or another when that has ended. */
    TrackPlaylist continued(SegmentedTrack track) {
        TrackPlaylist playlist = lives.current(track).orElseGet(() -> {
            SegmentWindow window = new SegmentWindow(
                    config, files, stream::targetDuration, !track.track().isVideo());
            TrackPlaylist fresh = new TrackPlaylist(
                    lives.nextName(track), track, stream.live().broadcastId() + "/", stream, window, held);
            lives.begin(track, fresh);
            playlists.put(fresh.name(), fresh);
            return fresh;
        });
        playlist.track(track);
        initializations.computeIfAbsent(playlist.name() + "/" + stream.initializationName(track), _ -> {
            ByteBuf section = Unpooled.buffer(1_024);
            InitializationSection.write(List.of(track.track()), section);
            return Unpooled.unreleasableBuffer(section.asReadOnly());
        });
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
        for (TrackPlaylist gone : lives.vanished(tracks, config.segments())) {
            gone.ended();
            files.later(() -> forget(gone), gone.window().millisAfterEnd());
        }
    }

    private void forget(TrackPlaylist gone) {
        if (playlists.remove(gone.name(), gone)) {
            gone.release();
        }
    }

    /** Players that learn of a track later than of the others never play it. */
    boolean everyTrackHasOne(List<SegmentedTrack> tracks) {
        for (SegmentedTrack each : tracks) {
            if (lives.current(each)
                    .filter(playlist -> !playlist.window().listed().isEmpty())
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** The broadcast is over. */
    void ended() {
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
        List<Runnable> all = new ArrayList<>();
        playlists.values().forEach(each -> all.add(() -> forget(each)));
        Releasing.all(all, Runnable::run);
    }
}
