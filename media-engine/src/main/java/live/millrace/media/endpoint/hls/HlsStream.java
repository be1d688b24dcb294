// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.Segmenter;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast in segments, from the first request to the last: a playlist for each track, and one of transport stream segments when
 * somebody asks for it. Parts and segments come on the stream's thread; everything that HTTP reads is volatile or concurrent.
 */
final class HlsStream implements SegmentListener {
    /** Of the presentation's segments, by number: enough for the longest window. */
    private static final int REMEMBERED_DURATIONS = 256;

    /** So long without a frame, and the first viewer gets what there is. */
    private static final long STANDSTILL_MILLIS = 1_000;

    /** For a broadcast that ended before anything was known of it. */
    private static final int UNDECIDED_TARGET = 10;

    private final LiveStream live;
    private final HlsConfig config;
    private final SegmentFiles files;
    private final SequenceNumbers numbers;
    private final AtomicInteger held;
    private final Runnable onGone;
    private final long firstMedia;
    private final long firstDiscontinuity;
    private final Segmenter segmenter;

    /** By name, default picture first. */
    private final ConcurrentSkipListMap<String, TrackPlaylist> playlists = new ConcurrentSkipListMap<>(
            Comparator.<String>comparingInt(name -> name.charAt(1)).thenComparing(Comparator.reverseOrder()));

    /** The playlists that go on, by track: others ended with theirs, and are listed by name until their segments are forgotten. */
    private final PlaylistLives lives;

    private final ConcurrentHashMap<String, ByteBuf> initializations = new ConcurrentHashMap<>();
    private final CompletableFuture<HlsStream> ready = new CompletableFuture<>();
    private volatile List<SegmentedTrack> tracks = List.of();
    private volatile @Nullable TransportPlaylist transport;
    private volatile @Nullable TransportPlaylist transportSound;

    /** Of transport stream playlists that have ended and were replaced. */
    private final Queue<SegmentWindow> retired = new ConcurrentLinkedQueue<>();

    private long lastAskedNanos = System.nanoTime();
    private boolean stopped;
    private volatile boolean ended;

    // Confined to the stream's thread.
    private final TreeMap<Long, Long> durations = new TreeMap<>();

    private final Periods periods = new Periods();

    private final TreeMap<Long, List<TrackSegment>> unmuxed = new TreeMap<>();

    HlsStream(
            LiveStream live,
            HlsConfig config,
            SegmentFiles files,
            SequenceNumbers numbers,
            AtomicInteger held,
            Runnable onGone) {
        this.live = live;
        this.config = config;
        this.files = files;
        this.numbers = numbers;
        this.held = held;
        this.onGone = onGone;
        this.firstMedia = numbers.firstMedia();
        this.lives = new PlaylistLives(firstMedia);
        this.firstDiscontinuity = numbers.firstDiscontinuity();
        this.segmenter = new Segmenter(
                config.segmenter(),
                live::targetSeconds,
                firstMedia,
                firstDiscontinuity,
                this,
                live::wallClock,
                PooledByteBufAllocator.DEFAULT);
    }

    /** Begins to cut, from the stream's last random access point on. */
    void start() {
        live.onOwner(() -> {
            live.subscribe(segmenter);
            if (hasTarget()) {
                // Whoever asked first waits for a key frame, and not for a whole segment.
                segmenter.cutSoon();
                watchForStandstill();
            }
        });
    }

    /** A key frame that nobody sends is not waited for. */
    private void watchForStandstill() {
        long then = segmenter.frames();
        CompletableFuture.delayedExecutor(STANDSTILL_MILLIS, TimeUnit.MILLISECONDS, live::onOwner)
                .execute(() -> {
                    if (ready.isDone()) {
                        return;
                    }
                    if (segmenter.frames() == then) {
                        segmenter.endRun();
                    } else {
                        watchForStandstill();
                    }
                });
    }

    /** Begins to cut with the broadcast. On the stream's thread. */
    void startNow() {
        live.subscribe(segmenter);
    }

    LiveStream live() {
        return live;
    }

    /** In seconds; the longest there is while it is not decided. */
    int targetDuration() {
        int decided = live.targetSeconds();
        return decided == 0 ? UNDECIDED_TARGET : decided;
    }

    boolean hasTarget() {
        return live.targetSeconds() > 0;
    }

    /** In units of 90 kHz. */
    long partTarget() {
        return config.segmenter().partTarget().toMillis() * (Timescale.MPEG / 1_000);
    }

    long firstDiscontinuity() {
        return firstDiscontinuity;
    }

    /** Completes when there is something to play. */
    CompletableFuture<HlsStream> ready() {
        return ready;
    }

    /** Notes that somebody asks; false when it was stopped already. */
    synchronized boolean asked() {
        lastAskedNanos = System.nanoTime();
        return !stopped;
    }

    /** Stops when nobody asked for so long; answers whether it did. */
    boolean stopIfIdle(long nanos) {
        synchronized (this) {
            if (ended || stopped || System.nanoTime() - lastAskedNanos <= nanos) {
                return false;
            }
            stopped = true;
        }
        live.leave(segmenter);
        live.onOwner(() -> {
            segmenter.release();
            release();
            files.later(() -> files.deleteBroadcast(live.broadcastId(), firstMedia), 0);
        });
        return true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Default picture first, then by name. */
    Collection<TrackPlaylist> playlists() {
        return playlists.values();
    }

    /** By its name, ended or not. */
    Optional<TrackPlaylist> playlist(String name) {
        return Optional.ofNullable(playlists.get(name));
    }

    /** The one that goes on. */
    Optional<TrackPlaylist> playlist(SegmentedTrack track) {
        return lives.current(track);
    }

    Optional<ByteBuf> initialization(String name) {
        return Optional.ofNullable(initializations.get(name));
    }

    /** What the stream consists of now. */
    List<SegmentedTrack> tracks() {
        return tracks;
    }

    /** The name of a track's initialization section, distinct from those of earlier demand. */
    String initializationName(SegmentedTrack track) {
        return "init" + firstMedia + "-" + track.initialization();
    }

    Path file(String name) {
        return files.path(live.broadcastId(), firstMedia, name);
    }

    // ---- what the segmenter cuts ------------------------------------------------------------------------------

    @Override
    public void tracks(List<SegmentedTrack> now) {
        muxLeftOvers();
        now.forEach(this::continued);
        tracks = now;
        if (now.isEmpty()) {
            ready.complete(this); // to say that there is nothing to play in segments
        }
    }

    /** A track's playlist: the one that goes on, or another when that has ended. */
    private TrackPlaylist continued(SegmentedTrack track) {
        TrackPlaylist playlist = lives.current(track).orElseGet(() -> {
            SegmentWindow window = new SegmentWindow(
                    config, files, this::targetDuration, !track.track().isVideo());
            TrackPlaylist fresh =
                    new TrackPlaylist(lives.nextName(track), track, live.broadcastId() + "/", this, window, held);
            lives.begin(track, fresh);
            playlists.put(fresh.name(), fresh);
            return fresh;
        });
        playlist.track(track);
        initializations.computeIfAbsent(playlist.name() + "/" + initializationName(track), _ -> {
            ByteBuf section = Unpooled.buffer(1_024);
            InitializationSection.write(List.of(track.track()), section);
            return Unpooled.unreleasableBuffer(section.asReadOnly());
        });
        return playlist;
    }

    @Override
    public void part(SegmentedTrack track, Part part) {
        lives.heard(track, part.mediaSequence());
        continued(track).part(part);
    }

    @Override
    public void segment(SegmentedTrack track, TrackSegment segment) {
        lives.heard(track, segment.mediaSequence());
        TrackPlaylist playlist = continued(track);
        if (isLeading(track)) {
            periods.segment(segment);
        }
        numbers.issued(segment.mediaSequence(), segment.discontinuitySequence());
        durations.putIfAbsent(segment.mediaSequence(), segment.duration());
        if (durations.size() > REMEMBERED_DURATIONS) {
            durations.pollFirstEntry();
        }
        if (isLeading(track) && segment.forcedCut()) {
            live.repaired(Repair.FORCED_CUT);
        }
        if (track.track().isDefault() && TsMuxer.carries(track.track().format())) {
            segment.content().retain();
            unmuxed.computeIfAbsent(segment.mediaSequence(), _ -> new ArrayList<>())
                    .add(segment);
        }
        playlist.segment(segment, number -> durations.getOrDefault(number, (long) targetDuration() * Timescale.MPEG));
        muxWhole();
        endVanished();
        if (!ready.isDone() && (everyTrackHasOne() || durations.size() > 1)) {
            ready.complete(this);
        }
    }

    /** Whoever plays a track that is gone must not ask for its next segment for ever (RFC 8216 §6.2.1). */
    private void endVanished() {
        for (TrackPlaylist gone : lives.vanished(tracks, config.segments())) {
            gone.ended();
            files.later(() -> forget(gone), gone.window().millisAfterEnd());
        }
        endWithoutTracks(transport, false);
        endWithoutTracks(transportSound, true);
    }

    private void endWithoutTracks(@Nullable TransportPlaylist playlist, boolean soundAlone) {
        if (playlist != null
                && playlist.hasBegun()
                && !playlist.isEnded()
                && !carries(soundAlone)
                && !playlist.window().listed().isEmpty()
                && lives.isOver(playlist.window().listed().getLast().mediaSequence())) {
            playlist.ended();
        }
    }

    private void forget(TrackPlaylist gone) {
        if (playlists.remove(gone.name(), gone)) {
            gone.release();
        }
    }

    /** Players that learn of a track later than of the others never play it. */
    private boolean everyTrackHasOne() {
        for (SegmentedTrack each : tracks) {
            if (lives.current(each)
                    .filter(playlist -> !playlist.window().listed().isEmpty())
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private boolean isLeading(SegmentedTrack track) {
        return !tracks.isEmpty() && tracks.getFirst().equals(track);
    }

    private List<Track> transportTracks() {
        return tracks.stream()
                .map(SegmentedTrack::track)
                .filter(track -> track.isDefault() && TsMuxer.carries(track.format()))
                .toList();
    }

    /** Makes transport stream segments of the numbers that all tracks have ended. */
    private void muxWhole() {
        int expected = transportTracks().size();
        while (!unmuxed.isEmpty()) {
            Map.Entry<Long, List<TrackSegment>> oldest = unmuxed.firstEntry();
            boolean whole = oldest.getValue().size() >= expected;
            // A track that slept through a number does not hold the others up.
            boolean overtaken = unmuxed.size() > 2;
            if (!whole && !overtaken) {
                return;
            }
            unmuxed.pollFirstEntry();
            mux(oldest.getValue());
        }
    }

    private void muxLeftOvers() {
        while (!unmuxed.isEmpty()) {
            mux(unmuxed.pollFirstEntry().getValue());
        }
    }

    private void mux(List<TrackSegment> sources) {
        try {
            sources.sort(Comparator.comparingInt(source -> source.track().id()));
            TransportPlaylist whole = transport;
            if (whole != null && whole.hasBegun() && !whole.isEnded()) {
                whole.segment(sources);
            }
            TransportPlaylist sound = transportSound;
            TrackSegment last = sources.getLast();
            if (sound != null
                    && sound.hasBegun()
                    && !sound.isEnded()
                    && !last.track().isVideo()) {
                sound.segment(List.of(last));
            }
        } finally {
            Releasing.all(sources, source -> source.content().release());
        }
    }

    @Override
    public void ended() {
        ended = true;
        muxLeftOvers();
        lives.all().forEach(TrackPlaylist::ended);
        Optional.ofNullable(transport).ifPresent(TransportPlaylist::ended);
        Optional.ofNullable(transportSound).ifPresent(TransportPlaylist::ended);
        ready.completeExceptionally(new IllegalStateException("ended before there was anything to play"));
        long millis = playlists.values().stream()
                .mapToLong(playlist -> playlist.window().millisAfterEnd())
                .max()
                .orElse(0);
        files.later(
                () -> {
                    onGone.run();
                    release();
                    files.deleteBroadcast(live.broadcastId(), firstMedia);
                },
                millis);
    }

    /** On the stream's thread. */
    Periods periods() {
        return periods;
    }

    // ---- what is asked ----------------------------------------------------------------------------------------

    /** The playlist of transport stream segments, made when it is asked for first, or anew when it has ended; empty when no track has a place in one. */
    Optional<TransportPlaylist> transport(boolean soundAlone) {
        TransportPlaylist made = soundAlone ? transportSound : transport;
        boolean carries = carries(soundAlone);
        if (made != null && (ended || !carries || !made.isEnded())) {
            return Optional.of(made);
        }
        return carries ? Optional.of(makeTransport(soundAlone)) : Optional.empty();
    }

    private boolean carries(boolean soundAlone) {
        List<Track> carried = transportTracks();
        return !carried.isEmpty() && !(soundAlone && carried.getLast().isVideo());
    }

    private synchronized TransportPlaylist makeTransport(boolean soundAlone) {
        TransportPlaylist made = soundAlone ? transportSound : transport;
        if (made != null && !made.isEnded()) {
            return made;
        }
        if (made != null) { // its track was gone, and is back
            SegmentWindow old = made.window();
            retired.add(old);
            files.later(
                    () -> {
                        old.release();
                        retired.remove(old);
                    },
                    old.millisAfterEnd());
        }
        TransportPlaylist fresh = new TransportPlaylist(
                soundAlone ? "audio/" : "",
                this,
                // What has no pictures now may have some later.
                new SegmentWindow(config, files, this::targetDuration, soundAlone),
                held);
        if (soundAlone) {
            transportSound = fresh;
        } else {
            transport = fresh;
        }
        live.onOwner(() -> {
            fresh.begin(listedSources(soundAlone));
            if (ended) {
                fresh.ended();
            }
        });
        return fresh;
    }

    /** The segments that are listed and whole, by number, of the tracks that a transport stream carries. */
    private List<List<TrackSegment>> listedSources(boolean soundAlone) {
        TreeMap<Long, List<TrackSegment>> sources = new TreeMap<>();
        // Sound that was gone and is back begins where it came back: numbers have no holes.
        for (TrackPlaylist playlist : soundAlone ? lives.all() : playlists.values()) {
            for (SegmentWindow.Listed listed : playlist.window().listed()) {
                TrackSegment source = listed.source();
                if (source != null
                        && source.track().isDefault()
                        && TsMuxer.carries(source.track().format())
                        && !(soundAlone && source.track().isVideo())
                        && !unmuxed.containsKey(listed.mediaSequence())) {
                    sources.computeIfAbsent(listed.mediaSequence(), _ -> new ArrayList<>())
                            .add(source);
                }
            }
        }
        sources.values()
                .forEach(each -> each.sort(
                        Comparator.comparingInt(source -> source.track().id())));
        return List.copyOf(sources.values());
    }

    /** The listed segments of the last so many ticks of 90 kHz as transport stream segments, copied, the oldest first. */
    CompletableFuture<List<byte[]>> recent(long duration) {
        CompletableFuture<List<byte[]>> copies = new CompletableFuture<>();
        live.onOwner(() -> {
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
                ByteBuf content =
                        TransportPlaylist.mux(muxer, each, each.getFirst().discontinuity());
                try {
                    bytes.add(ByteBufUtil.getBytes(content));
                } finally {
                    content.release();
                }
            }
            copies.complete(bytes);
        });
        return copies;
    }

    /** Gives all memory back, when nobody can ask any more. */
    void release() {
        List<Runnable> all = new ArrayList<>();
        unmuxed.values()
                .forEach(sources ->
                        sources.forEach(source -> all.add(() -> source.content().release())));
        unmuxed.clear();
        playlists.values().forEach(each -> all.add(() -> forget(each)));
        retired.forEach(each -> all.add(each::release));
        Optional.ofNullable(transport).ifPresent(each -> all.add(each.window()::release));
        Optional.ofNullable(transportSound).ifPresent(each -> all.add(each.window()::release));
        Releasing.all(all, Runnable::run);
    }
}
