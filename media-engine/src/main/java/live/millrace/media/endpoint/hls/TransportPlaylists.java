// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.Track;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.StoredSegment;
import live.millrace.media.segment.TrackSegment;
import org.jspecify.annotations.Nullable;

/**
 * The playlists of MPEG-TS segments of a broadcast, each made when it is asked for: of the default tracks, and of the sound alone.
 * Confined to the stream's thread, but for {@link #playlist}, {@link #find} and {@link #carried}.
 */
final class TransportPlaylists {
    /** What is left of a playlist that has ended and was replaced. */
    private record Retired(boolean soundAlone, SegmentWindow window) {}

    /** More than media that comes as fast as the clock on the wall ever leaves behind. */
    private static final int MOST_RETIRED = 8;

    private final HlsStream stream;
    private final HlsShared shared;
    private final Renditions renditions;
    private volatile @Nullable TransportPlaylist whole;
    private volatile @Nullable TransportPlaylist sound;

    private final Queue<Retired> retired = new ConcurrentLinkedQueue<>();

    private int lives;

    // Confined to the stream's thread.
    private final TreeMap<Long, List<TrackSegment>> unmuxed = new TreeMap<>();
    private long muxed = -1;
    private boolean released;

    TransportPlaylists(HlsStream stream, HlsShared shared, Renditions renditions) {
        this.stream = stream;
        this.shared = shared;
        this.renditions = renditions;
    }

    // ---- from any thread --------------------------------------------------------------------------------------

    /** Made when it is asked for first, or anew when it has ended; empty when no track has a place in one. */
    Optional<TransportPlaylist> playlist(boolean soundAlone) {
        TransportPlaylist made = made(soundAlone);
        boolean carries = !carried(soundAlone).isEmpty();
        if (made != null
                && (carries
                        ? stream.isEnded() || !made.isEnded()
                        : made.reload().version() != null)) {
            return Optional.of(made);
        }
        return carries ? Optional.of(make(soundAlone)) : Optional.empty();
    }

    /** A segment of a playlist that goes on, or of one that has ended and is still played. Makes nothing. */
    Optional<StoredSegment> find(boolean soundAlone, long mediaSequence) {
        TransportPlaylist made = made(soundAlone);
        Optional<StoredSegment> current =
                made == null ? Optional.empty() : made.window().find(mediaSequence);
        return current.or(() -> retired.stream()
                .filter(each -> each.soundAlone() == soundAlone)
                .flatMap(each -> each.window().find(mediaSequence).stream())
                .findFirst());
    }

    private @Nullable TransportPlaylist made(boolean soundAlone) {
        return soundAlone ? sound : whole;
    }

    /** The tracks that it consists of now: what is announced and silent is not waited for. */
    List<Track> carried(boolean soundAlone) {
        return stream.tracks().stream()
                .filter(track -> renditions.current(track).isPresent())
                .map(SegmentedTrack::track)
                .filter(track -> carries(track, soundAlone))
                .toList();
    }

    private static boolean carries(Track track, boolean soundAlone) {
        return track.isDefault() && TsMuxer.carries(track.format()) && !(soundAlone && track.isVideo());
    }

    private synchronized TransportPlaylist make(boolean soundAlone) {
        TransportPlaylist made = made(soundAlone);
        if (made != null && !made.isEnded()) {
            return made;
        }
        if (made != null) { // its track was gone, and is back
            Retired old = new Retired(soundAlone, made.window());
            retired.add(old);
            stream.live().onOwner(() -> retire(old));
        }
        TransportPlaylist fresh = new TransportPlaylist(
                soundAlone ? "audio/" : "",
                ++lives,
                stream,
                // What has no pictures now may have some later.
                new SegmentWindow(shared, stream::targetDuration, soundAlone),
                shared.held());
        if (soundAlone) {
            sound = fresh;
        } else {
            whole = fresh;
        }
        stream.live().onOwner(() -> {
            if (released) {
                return;
            }
            fresh.begin(listedSources(soundAlone));
            if (stream.isEnded()) {
                fresh.ended();
            }
        });
        return fresh;
    }

    // ---- on the stream's thread -------------------------------------------------------------------------------

    private void retire(Retired old) {
        shared.timers()
                .later(
                        () -> stream.live().onOwner(() -> forget(old)),
                        old.window().millisAfterEnd());
        while (retired.size() > MOST_RETIRED) {
            forget(retired.element());
        }
    }

    private void forget(Retired old) {
        if (retired.remove(old)) {
            old.window().forget();
        }
    }

    /** A track's segment is whole. It is borrowed. One that comes when its number is over is not waited for. */
    void segment(TrackSegment segment) {
        if (segment.mediaSequence() > muxed && carries(segment.track(), false)) {
            segment.content().retain();
            unmuxed.computeIfAbsent(segment.mediaSequence(), _ -> new ArrayList<>())
                    .add(segment);
        }
    }

    /** Makes segments of the numbers that all tracks have ended. */
    void muxWhole() {
        int expected = carried(false).size();
        while (!unmuxed.isEmpty()) {
            Map.Entry<Long, List<TrackSegment>> oldest = unmuxed.firstEntry();
            boolean complete = oldest.getValue().size() >= expected;
            // A track that slept through a number does not hold the others up.
            boolean overtaken = unmuxed.size() > 2;
            if (!complete && !overtaken) {
                return;
            }
            unmuxed.pollFirstEntry();
            mux(oldest.getValue());
        }
    }

    /** What follows consists of other tracks. */
    void muxLeftOvers() {
        while (!unmuxed.isEmpty()) {
            mux(unmuxed.pollFirstEntry().getValue());
        }
    }

    private void mux(List<TrackSegment> sources) {
        try {
            muxed = sources.getFirst().mediaSequence();
            sources.sort(Comparator.comparingInt(source -> source.track().id()));
            TransportPlaylist all = whole;
            if (all != null && all.hasBegun() && !all.isEnded()) {
                all.segment(sources);
            }
            TransportPlaylist alone = sound;
            TrackSegment last = sources.getLast();
            if (alone != null
                    && alone.hasBegun()
                    && !alone.isEnded()
                    && !last.track().isVideo()) {
                alone.segment(List.of(last));
            }
        } finally {
            Releasing.all(sources, source -> source.content().release());
        }
    }

    /** Whoever plays what is gone must not ask for its next segment for ever (RFC 8216 §6.2.1). */
    void endWithoutTracks() {
        endWithoutTracks(whole, false);
        endWithoutTracks(sound, true);
    }

    private void endWithoutTracks(@Nullable TransportPlaylist playlist, boolean soundAlone) {
        if (playlist != null
                && playlist.hasBegun()
                && !playlist.isEnded()
                && carried(soundAlone).isEmpty()
                && !playlist.window().listed().isEmpty()
                && renditions.isOver(playlist.window().listed().getLast().mediaSequence())) {
            playlist.ended();
        }
    }

    /** The broadcast is over. */
    void ended() {
        muxLeftOvers();
        Optional.ofNullable(whole).ifPresent(TransportPlaylist::ended);
        Optional.ofNullable(sound).ifPresent(TransportPlaylist::ended);
    }

    /** The segments that are listed and whole, by number, of the tracks that a transport stream carries. */
    private List<List<TrackSegment>> listedSources(boolean soundAlone) {
        TreeMap<Long, List<TrackSegment>> sources = new TreeMap<>();
        for (TrackPlaylist playlist : renditions.going()) {
            collect(playlist, soundAlone, sources);
        }
        // What was gone and is back begins where it came back; what was there beside something that goes on is heard
        // with it.
        Set<Long> numbers = Set.copyOf(sources.keySet());
        for (TrackPlaylist playlist : renditions.ended()) {
            collect(playlist, soundAlone, sources);
        }
        sources.keySet().retainAll(numbers);
        sources.values()
                .forEach(each -> each.sort(
                        Comparator.comparingInt(source -> source.track().id())));
        return List.copyOf(sources.values());
    }

    private void collect(TrackPlaylist playlist, boolean soundAlone, Map<Long, List<TrackSegment>> sources) {
        for (SegmentWindow.Listed listed : playlist.window().listed()) {
            TrackSegment source = listed.source();
            if (source != null && carries(source.track(), soundAlone) && !unmuxed.containsKey(listed.mediaSequence())) {
                sources.computeIfAbsent(listed.mediaSequence(), _ -> new ArrayList<>())
                        .add(source);
            }
        }
    }

    /** The listed segments of the last so many ticks of 90 kHz, copied, the oldest first. */
    List<byte[]> recent(long duration) {
        List<byte[]> bytes = new ArrayList<>();
        TsMuxer muxer = new TsMuxer(PooledByteBufAllocator.DEFAULT);
        List<Track> program = List.of();
        List<List<TrackSegment>> sources = listedSources(false);
        int from = sources.size();
        for (long left = duration; from > 0 && left > 0; from--) {
            left -= sources.get(from - 1).getFirst().duration();
        }
        for (List<TrackSegment> each : sources.subList(from, sources.size())) {
            List<Track> now = each.stream().map(TrackSegment::track).toList();
            if (!now.equals(program)) {
                program = now;
                muxer.tracks(now);
            }
            ByteBuf content = TransportPlaylist.mux(muxer, each, each.getFirst().discontinuity());
            try {
                bytes.add(ByteBufUtil.getBytes(content));
            } finally {
                content.release();
            }
        }
        return bytes;
    }

    /** Gives all memory back, when nobody can ask any more. */
    void release() {
        released = true;
        List<Runnable> all = new ArrayList<>();
        unmuxed.values()
                .forEach(sources ->
                        sources.forEach(source -> all.add(() -> source.content().release())));
        unmuxed.clear();
        retired.forEach(each -> all.add(each.window()::release));
        Optional.ofNullable(whole).ifPresent(each -> all.add(each.window()::release));
        Optional.ofNullable(sound).ifPresent(each -> all.add(each.window()::release));
        Releasing.all(all, Runnable::run);
    }
}
