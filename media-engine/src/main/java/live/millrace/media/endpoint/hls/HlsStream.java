// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentStore;
import live.millrace.media.segment.SegmentedBroadcast;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast in segments, from the first request to the last: a playlist for each track, and one of transport stream segments when
 * somebody asks for it. Parts and segments come on the stream's thread; everything that HTTP reads is volatile or concurrent.
 */
final class HlsStream implements SegmentListener {
    /** So long without a frame, and the first viewer gets what there is. */
    private static final long STANDSTILL_MILLIS = 1_000;

    /** For a broadcast that ended before anything was known of it. */
    private static final int UNDECIDED_TARGET = 10;

    /** In units of 90 kHz: a child of FFmpeg has a frame of sound ready some 0.3 s behind the pictures that it belongs to. */
    private static final long MADE_LATER = 6 * Timescale.MPEG / 10;

    private final Presentation presentation;
    private final UUID id;
    private final SegmentedBroadcast broadcast;
    private final LiveStream live;
    private final HlsShared shared;
    private final String folder;
    private final Consumer<HlsStream> onGone;

    private final Renditions renditions;
    private final TransportPlaylists transports;
    private final CompletableFuture<HlsStream> ready = new CompletableFuture<>();
    private final CompletableFuture<HlsStream> whole = new CompletableFuture<>();
    private volatile CompletableFuture<@Nullable Void> complete = new CompletableFuture<>();
    private volatile List<SegmentedTrack> tracks = List.of();
    private long lastAskedNanos = System.nanoTime();
    private boolean stopped;
    private volatile boolean ended;
    private volatile boolean played;

    // Confined to the stream's thread.
    private boolean begun;

    /** Somebody asked before a segment was whole. */
    private boolean early;

    /** The number of the first segment that ended while it was not complete; -1 before. */
    private long firstEnded = -1;

    private final Periods periods = new Periods();

    /** @param onGone told when nobody can ask for it any more */
    HlsStream(Presentation presentation, SegmentedBroadcast broadcast, HlsShared shared, Consumer<HlsStream> onGone) {
        this.presentation = presentation;
        this.id = presentation.commonSound()
                ? UUID.randomUUID()
                : broadcast.live().broadcastId();
        this.broadcast = broadcast;
        this.live = broadcast.live();
        this.shared = shared;
        this.folder = id + "-" + shared.folders().incrementAndGet();
        this.onGone = onGone;
        this.renditions = new Renditions(this, shared);
        this.transports = new TransportPlaylists(this, shared, renditions);
    }

    /** Begins to listen, from the stream's last random access point on when nobody had it cut before. */
    void start() {
        live.onOwner(() -> {
            broadcast.subscribe(this);
            if (hasTarget()) {
                // Whoever asked first waits for a key frame, and not for a whole segment.
                broadcast.cutSoon();
                watchForStandstill();
                early = true;
                offerParts();
            }
        });
    }

    /** A key frame that nobody sends is not waited for. */
    private void watchForStandstill() {
        long then = broadcast.frames();
        CompletableFuture.delayedExecutor(STANDSTILL_MILLIS, TimeUnit.MILLISECONDS, live::onOwner)
                .execute(() -> {
                    if (whole.isDone() || isStopped()) {
                        return;
                    }
                    // Before anything has come to be cut there is nothing to end.
                    if (then > 0 && broadcast.frames() == then) {
                        broadcast.endRun();
                    } else {
                        watchForStandstill();
                    }
                });
    }

    /** Begins to listen with the broadcast. On the stream's thread. */
    void startNow() {
        broadcast.subscribe(this);
    }

    /** Somebody asks: who knows parts need not wait until a segment is whole. */
    void wanted() {
        if (!ready.isDone()) {
            live.onOwner(() -> {
                early = true;
                offerParts();
            });
        }
    }

    /** Lists the parts that there are for those who ask early, as soon as every track has one. */
    private void offerParts() {
        if (early && hasTarget() && !ready.isDone() && !tracks.isEmpty() && allPlayFromParts()) {
            renditions.lead();
            if (renditions.everyTrackHasOne(tracks)) {
                complete.complete(null);
                becameReady();
            }
        }
    }

    private void becameReady() {
        asked(); // whoever waited for it comes again now
        ready.complete(this);
    }

    /** Transport streams have no parts. */
    private boolean allPlayFromParts() {
        return tracks.stream().allMatch(track -> track.track().format().codec().playsFromSegments());
    }

    LiveStream live() {
        return live;
    }

    Presentation presentation() {
        return presentation;
    }

    /** In the addresses of its segments: what was cut of a broadcast in one way. */
    UUID id() {
        return id;
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
        return shared.config().segmenter().partTarget().toMillis() * (Timescale.MPEG / 1_000);
    }

    /** So far behind the newest part players begin, in units of 90 kHz: sound that is made anew is there some tenths of a second later. */
    long partHoldBack() {
        return 3 * partTarget() + (presentation.commonSound() ? MADE_LATER : 0);
    }

    /** Completes when there is something to play for those who know parts. */
    CompletableFuture<HlsStream> ready() {
        return ready;
    }

    /** Completes when there is a whole segment to play. */
    CompletableFuture<HlsStream> whole() {
        return whole;
    }

    /** Completes when every track that is announced now has something, or was waited for in vain: players never learn of more. */
    CompletableFuture<@Nullable Void> complete() {
        return complete;
    }

    /** Notes that somebody asks; false when it was stopped already. */
    synchronized boolean asked() {
        lastAskedNanos = System.nanoTime();
        return !stopped;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Stops when nobody asked for so long; answers whether it did. */
    boolean stopIfIdle(long nanos) {
        synchronized (this) {
            if (ended || stopped || System.nanoTime() - lastAskedNanos <= nanos) {
                return false;
            }
            stopped = true;
        }
        broadcast.leave(this);
        live.onOwner(() -> {
            release();
            shared.store().deleteFolder(folder);
        });
        return true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Notes that somebody was let in to play it. */
    HlsStream played() {
        played = true;
        return this;
    }

    boolean isPlayed() {
        return played;
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

    SegmentStore store() {
        return shared.store();
    }

    /** The name of a segment in the store, by its name among this stream's. */
    String objectName(String name) {
        return folder + "/" + name;
    }

    // ---- what the segmenter cuts ------------------------------------------------------------------------------

    @Override
    public void tracks(List<SegmentedTrack> now) {
        transports.muxLeftOvers();
        if (!begun) {
            begun = true;
            renditions.beginAt(broadcast.nextMediaSequence());
        }
        renditions.announced(now);
        tracks = now;
        if (now.isEmpty()) {
            complete.complete(null);
            becameReady(); // to say that there is nothing to play in segments
            whole.complete(this);
        } else if (complete.isDone() && !renditions.everyTrackHasOne(now)) {
            complete = new CompletableFuture<>();
            firstEnded = -1;
        }
    }

    @Override
    public void part(SegmentedTrack track, Part part) {
        renditions.heard(track, part.mediaSequence());
        continued(track).part(part);
        offerParts();
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
        transports.segment(segment);
        playlist.segment(segment);
        Set<String> before = renditions.names(tracks);
        renditions.endVanished(tracks);
        if (!renditions.names(tracks).equals(before)) {
            periods.tracksChanged();
        }
        transports.muxWhole();
        transports.endWithoutTracks();
        firstEnded = firstEnded < 0 ? segment.mediaSequence() : firstEnded;
        boolean waitedLong = segment.mediaSequence() != firstEnded;
        if (!complete.isDone() && (renditions.everyTrackHasOne(tracks) || waitedLong)) {
            complete.complete(null);
            becameReady();
        }
        if (!whole.isDone() && (renditions.everyTrackHasASegment(tracks) || waitedLong)) {
            whole.complete(this);
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
        return broadcast.duration(mediaSequence).orElse((long) targetDuration() * Timescale.MPEG);
    }

    private boolean isLeading(SegmentedTrack track) {
        return !tracks.isEmpty() && tracks.getFirst().equals(track);
    }

    @Override
    public void ended() {
        ended = true;
        renditions.end();
        transports.ended();
        complete.complete(null);
        IllegalStateException over = new IllegalStateException("ended before there was anything to play");
        ready.completeExceptionally(over);
        whole.completeExceptionally(over);
        long millis = renditions.millisAfterEnd();
        shared.timers()
                .later(
                        () -> live.onOwner(() -> {
                            release();
                            shared.store().deleteFolder(folder);
                            shared.timers().later(() -> onGone.accept(this), 0);
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
