// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.Segmenter;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;

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
    private final Runnable onGone;
    private final long firstMedia;
    private final long firstDiscontinuity;
    private final Segmenter segmenter;

    private final Renditions renditions;
    private final TransportPlaylists transports;
    private final CompletableFuture<HlsStream> ready = new CompletableFuture<>();
    private volatile List<SegmentedTrack> tracks = List.of();
    private long lastAskedNanos = System.nanoTime();
    private boolean stopped;
    private volatile boolean ended;

    // Confined to the stream's thread.
    private final TreeMap<Long, Long> durations = new TreeMap<>();

    private final Periods periods = new Periods();

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
        this.onGone = onGone;
        this.firstMedia = numbers.firstMedia();
        this.renditions = new Renditions(this, config, files, held, firstMedia);
        this.transports = new TransportPlaylists(this, config, files, held, renditions);
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

    /** The playlists of its tracks. */
    Renditions renditions() {
        return renditions;
    }

    /** Its playlists of transport stream segments. */
    TransportPlaylists transports() {
        return transports;
    }

    /** What the stream consists of now. */
    List<SegmentedTrack> tracks() {
        return tracks;
    }

    /** The name of a track's initialization section, distinct from those of earlier demand. */
    String initializationName(SegmentedTrack track) {
        return initializationPrefix() + track.initialization();
    }

    private String initializationPrefix() {
        return "init" + firstMedia + "-";
    }

    /** An initialization section, by the names of its playlist and its own. */
    Optional<ByteBuf> initialization(String playlist, String name) {
        if (!name.startsWith(initializationPrefix())) {
            return Optional.empty();
        }
        String number = name.substring(initializationPrefix().length());
        return number.matches("\\d{1,9}")
                ? renditions.named(playlist).flatMap(found -> found.initialization(Integer.parseInt(number)))
                : Optional.empty();
    }

    Path file(String name) {
        return files.path(live.broadcastId(), firstMedia, name);
    }

    // ---- what the segmenter cuts ------------------------------------------------------------------------------

    @Override
    public void tracks(List<SegmentedTrack> now) {
        transports.muxLeftOvers();
        renditions.announced(now);
        tracks = now;
        if (now.isEmpty()) {
            ready.complete(this); // to say that there is nothing to play in segments
        }
    }

    @Override
    public void part(SegmentedTrack track, Part part) {
        renditions.heard(track, part.mediaSequence());
        continued(track).part(part);
    }

    @Override
    public void segment(SegmentedTrack track, TrackSegment segment) {
        renditions.heard(track, segment.mediaSequence());
        TrackPlaylist playlist = continued(track);
        if (isLeading(track)) {
            periods.segment(segment, renditions.names(tracks));
        } else {
            periods.following(segment, renditions.names(tracks.subList(Math.min(1, tracks.size()), tracks.size())));
        }
        numbers.issued(segment.mediaSequence(), segment.discontinuitySequence());
        durations.putIfAbsent(segment.mediaSequence(), segment.duration());
        if (durations.size() > REMEMBERED_DURATIONS) {
            durations.pollFirstEntry();
        }
        if (isLeading(track) && segment.forcedCut()) {
            live.repaired(Repair.FORCED_CUT);
        }
        transports.segment(segment);
        playlist.segment(segment);
        Set<String> before = renditions.names(tracks);
        renditions.endVanished(tracks);
        if (!renditions.names(tracks).equals(before)) {
            periods.tracksChanged();
        }
        transports.muxWhole();
        transports.endWithoutTracks();
        if (!ready.isDone() && (renditions.everyTrackHasOne(tracks) || durations.size() > 1)) {
            ready.complete(this);
        }
    }

    private TrackPlaylist continued(SegmentedTrack track) {
        if (renditions.current(track).isEmpty()) {
            periods.tracksChanged();
        }
        return renditions.continued(track);
    }

    /** Of a segment of the presentation, in units of 90 kHz. On the stream's thread. */
    long duration(long mediaSequence) {
        return durations.getOrDefault(mediaSequence, (long) targetDuration() * Timescale.MPEG);
    }

    private boolean isLeading(SegmentedTrack track) {
        return !tracks.isEmpty() && tracks.getFirst().equals(track);
    }

    @Override
    public void ended() {
        ended = true;
        renditions.end();
        transports.ended();
        ready.completeExceptionally(new IllegalStateException("ended before there was anything to play"));
        long millis = renditions.millisAfterEnd();
        files.later(
                () -> live.onOwner(() -> {
                    release();
                    files.later(
                            () -> {
                                onGone.run();
                                files.deleteBroadcast(live.broadcastId(), firstMedia);
                            },
                            0);
                }),
                millis);
    }

    /** On the stream's thread. */
    Periods periods() {
        return periods;
    }

    /** The listed segments of the last so many ticks of 90 kHz as transport stream segments, copied, the oldest first. */
    CompletableFuture<List<byte[]>> recent(long duration) {
        CompletableFuture<List<byte[]>> copies = new CompletableFuture<>();
        live.onOwner(() -> copies.complete(transports.recent(duration)));
        return copies;
    }

    /** Gives all memory back, when nobody can ask any more. */
    void release() {
        Releasing.all(List.<Runnable>of(transports::release, renditions::release), Runnable::run);
    }
}
