// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.tally.Tally;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broadcast of one channel, over all the publish sessions that carry it.
 *
 * <p>Its state is confined to its owner, the event loop of its publisher. When the next publisher sits on another loop, the
 * old owner's last act is to hand the stream over. What other threads may read is volatile.
 */
public final class LiveStream {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

    /** Media may run so far ahead of the clock on the wall, and so many times as fast: a burst at the start, a file in a hurry. */
    private static final long MAX_LEAD_MILLIS = 300_000;

    private static final long MAX_SPEED = 10;

    /** Sound that is so far behind the picture is missing, not late. */
    private static final long SOUND_MISSING_MILLIS = 1_500;

    /** Silence that stands in stays so far behind the picture, so that sound which comes back is not in its way. */
    private static final long SILENCE_BEHIND_MILLIS = 300;

    /** Parts of a publisher's media that are named as left out. */
    private static final int MAX_LEFT_OUT = 8;

    private final StreamPath path;
    private final UUID broadcastId = UUID.randomUUID();
    private final Instant startedAt;
    private final HubConfig config;
    private final List<StreamListener> listeners;
    private final Runnable onEnded;
    private final InstantSource clock;

    private final Subscribers subscribers;
    private final TrackGate gate = new TrackGate();
    private final TimeLine timeLine = new TimeLine();
    private final WallClock wallClock = new WallClock();
    private final FrameCache cache = new FrameCache();
    private final KeyFrameProbe probe = new KeyFrameProbe();
    private final StatisticsMeter meter;
    private final CutBudget cuts = new CutBudget();
    private final Takeovers takeovers;

    private volatile ScheduledExecutorService owner;
    private volatile StreamState state = StreamState.PROBING;
    private volatile List<Track> tracks = List.of();
    private volatile List<LeftOut> leftOut = List.of();
    private volatile @Nullable PublisherInfo publisherInfo;
    private volatile @Nullable Instant liveSince;
    private volatile int targetSeconds;
    private volatile Latency latency = Latency.NORMAL;
    private boolean anchored;
    private @Nullable Publisher publisher;
    private @Nullable ScheduledFuture<?> graceTimer;
    private long firstHeldNanos;
    private long heldMillis;
    private long lastFrameNanos;
    private boolean everPlayable;
    private boolean soundMissing;

    /** The publisher sends no sound. Its format cannot tell: silence looks like the sound of most encoders. */
    private boolean mute;

    private long sessionStartNanos;
    private long sessionStartMillis;

    LiveStream(
            StreamPath path,
            HubConfig config,
            Tally<Repair> repairs,
            List<StreamListener> listeners,
            ScheduledExecutorService owner,
            InstantSource clock,
            Runnable onEnded) {
        this.path = path;
        this.subscribers = new Subscribers(path);
        this.config = config;
        this.takeovers = new Takeovers(config.takeoverInterval());
        this.meter = new StatisticsMeter(repairs);
        this.listeners = listeners;
        this.owner = owner;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.onEnded = onEnded;
    }

    public StreamPath path() {
        return path;
    }

    /** Names this broadcast; the next one of the same channel has another. */
    public UUID broadcastId() {
        return broadcastId;
    }

    public StreamState state() {
        return state;
    }

    /** When the first publisher of this broadcast came. */
    public Instant startedAt() {
        return startedAt;
    }

    /** When it could first be played. */
    public Optional<Instant> liveSince() {
        return Optional.ofNullable(liveSince);
    }

    /** Empty until they are known. */
    public List<Track> tracks() {
        return tracks;
    }

    /** What the publisher sends and nobody gets. */
    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Who publishes; empty while the stream waits for a publisher. */
    public Optional<PublisherInfo> publisher() {
        return Optional.ofNullable(publisherInfo);
    }

    public StreamStatistics statistics() {
        return meter.snapshot();
    }

    /** The longest that a segment of this broadcast may be, in seconds; 0 while the stream is being probed. */
    public int targetSeconds() {
        return targetSeconds;
    }

    /** What the publisher asked for. */
    public Latency latency() {
        return latency;
    }

    /**
     * When a frame was made, as far as its arrival tells. The same for every track, and the same whenever it is asked. On the stream's
     * thread.
     *
     * @param millis the frame's decode time
     */
    public Instant wallClock(long millis) {
        return Instant.ofEpochMilli(wallClock.at(millis));
    }

    /**
     * Adds a subscriber: it gets the tracks and what came since the last random access point, if there is anything, then follows.
     * After the end it is told of the end alone. On the stream's thread: inside {@link #onOwner} or a {@link StreamListener} call.
     */
    public void subscribe(Subscriber subscriber) {
        if (state == StreamState.ENDED) {
            subscriber.ended();
            return;
        }
        subscribers.add(subscriber, added -> {
            if (!tracks.isEmpty()) {
                added.tracks(tracks);
                cache.replay(added::frame);
            }
        });
    }

    /** Removes a subscriber, which hears no more. From any thread. */
    public void leave(Subscriber subscriber) {
        onOwner(() -> subscribers.remove(subscriber));
    }

    /** Runs something where the stream's calls to its subscribers run, in turn with them. From any thread. */
    public void onOwner(Runnable task) {
        ScheduledExecutorService asked = owner;
        try {
            asked.execute(() -> {
                if (asked.equals(owner)) {
                    task.run();
                } else {
                    onOwner(task); // handed over in the meantime
                }
            });
        } catch (RejectedExecutionException closing) {
            LOG.trace("{} goes down with its event loop", path, closing);
        }
    }

    /** The executor that owns the stream now; a moment later it may be another. */
    public ScheduledExecutorService owner() {
        return owner;
    }

    /** It is known well enough to be played. */
    void markPlayable() {
        everPlayable = true;
        if (state == StreamState.PROBING || (state == StreamState.RECONNECTING && publisher != null)) {
            if (liveSince == null) {
                liveSince = clock.instant();
            }
            moveTo(StreamState.LIVE);
        }
    }

    // ---- what the registry asks, from any thread --------------------------------------------------------------

    /** Decides on a publisher, on the owner's thread, and completes the result on the requester's. */
    void offer(PublishRequest request, CompletableFuture<PublishResult> result) {
        ScheduledExecutorService asked = owner;
        asked.execute(() -> {
            if (!asked.equals(owner)) {
                offer(request, result); // handed over in the meantime
                return;
            }
            PublishResult.@Nullable Cause refusal = refusal(request);
            if (state == StreamState.ENDED) {
                request.owner().execute(() -> result.completeExceptionally(new EndedException()));
            } else if (refusal != null) {
                request.owner().execute(() -> result.complete(new PublishResult.Refused(refusal)));
            } else {
                handOver(request, result);
            }
        });
    }

    /** Thrown into a result when the broadcast ended while somebody asked to join it: ask for a new one. */
    static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EndedException() {
            super("the broadcast has ended", null, false, false);
        }
    }

    /** Ends the broadcast now, without grace. */
    void end(PublisherHandle.Reason reason) {
        onOwner(() -> endNow(reason));
    }

    /** Sends the publisher away; the broadcast waits for the next. */
    void release(PublisherHandle.Reason reason) {
        onOwner(() -> leave(reason));
    }

    // ---- on the owner's thread --------------------------------------------------------------------------------

    private PublishResult.@Nullable Cause refusal(PublishRequest request) {
        Publisher current = publisher;
        if (current == null) {
            return null;
        }
        if (!current.request()
                .publisher()
                .credentialId()
                .equals(request.publisher().credentialId())) {
            return PublishResult.Cause.BUSY;
        }
        return takeovers.allows(System.nanoTime(), lastFrameNanos) ? null : PublishResult.Cause.TAKEOVER_TOO_SOON;
    }

    private void handOver(PublishRequest request, CompletableFuture<PublishResult> result) {
        Publisher old = publisher;
        publisher = null;
        cancelGrace();
        if (old != null) {
            old.detach(PublisherHandle.Reason.TAKEN_OVER);
            pause();
        }
        ScheduledExecutorService next = request.owner();
        owner = next;
        next.execute(() -> attach(request, result));
    }

    private void attach(PublishRequest request, CompletableFuture<PublishResult> result) {
        if (state == StreamState.ENDED) {
            result.completeExceptionally(new EndedException());
            return;
        }
        Publisher attached = new Publisher(this, request);
        publisher = attached;
        publisherInfo = request.publisher();
        latency = request.latency();
        leftOut = List.of();
        gate.reset();
        anchored = false;
        timeLine.newSession();
        meter.newSession();
        cuts.reset();
        soundMissing = false;
        mute = false;
        if (state == StreamState.RECONNECTING && !everPlayable) {
            moveTo(StreamState.PROBING);
        }
        result.complete(new PublishResult.Accepted(attached));
    }

    /** The first publisher of all: on its own thread already. */
    Publisher begin(PublishRequest request) {
        listeners.forEach(listener -> listener.created(this));
        Publisher attached = new Publisher(this, request);
        publisher = attached;
        publisherInfo = request.publisher();
        latency = request.latency();
        return attached;
    }

    void onTrack(Track track) {
        if (!gate.isOpen()) {
            gate.track(track);
        }
        // Later changes are announced with their first frame: a configuration without media changes nothing.
    }

    void onFrame(MediaFrame frame) {
        long now = System.nanoTime();
        lastFrameNanos = now;
        meter.frame(frame, now);
        if (gate.isOpen()) {
            if (isKnown(frame.track()) || changes(frame, now)) {
                deliver(frame, now);
            }
            return;
        }
        if (firstHeldNanos == 0) {
            firstHeldNanos = now;
        }
        heldMillis = TimeUnit.NANOSECONDS.toMillis(now - firstHeldNanos);
        if (gate.hold(frame, heldMillis)) {
            firstHeldNanos = 0;
            deliverHeld(gate.open(), now);
        }
    }

    /** Takes the frames over. */
    private void deliverHeld(Deque<MediaFrame> frames, long now) {
        try {
            announce(gate.tracks());
            sessionStartNanos = now;
            sessionStartMillis = timeLine.endMillis();
            for (MediaFrame held : frames) {
                if (publisher != null && (isKnown(held.track()) || changes(held, now))) {
                    deliver(held, now);
                }
            }
        } finally {
            Releasing.all(frames, MediaFrame::release);
            heldMillis = 0;
        }
    }

    /** Nearly always the very same object as with the frame before. */
    @SuppressWarnings("ReferenceEquality") // the short way; the long one follows
    private boolean isKnown(Track track) {
        List<Track> known = tracks;
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i) == track) {
                return true;
            }
        }
        return known.contains(track);
    }

    /** A track that came late, or a changed format: announced with its first frame, as often as players can bear it. */
    private boolean changes(MediaFrame frame, long now) {
        if (!frame.randomAccessPoint()) {
            return false; // nothing can be decoded yet
        }
        if (!cuts.take(now)) {
            meter.repaired(Repair.CONFIGURATION_HELD);
            return false;
        }
        List<Track> changed = new ArrayList<>(tracks);
        changed.removeIf(old -> old.id() == frame.track().id());
        changed.add(frame.track());
        changed.sort(Comparator.comparingInt(Track::id));
        announce(changed);
        return true;
    }

    private void announce(List<Track> announced) {
        boolean noSound = announced.stream().allMatch(Track::isVideo) && !announced.isEmpty();
        if (noSound && config.silentAudio()) {
            tracks = List.of(announced.getFirst(), Silence.TRACK);
            mute = true;
        } else {
            tracks = List.copyOf(announced);
        }
        begin(tracks);
        listeners.forEach(listener -> listener.tracksChanged(this));
    }

    /** Tells subscribers what the following frames belong to. */
    private void begin(List<Track> announced) {
        cache.tracks(announced);
        probe.tracks(announced);
        subscribers.tell(subscriber -> subscriber.tracks(announced));
    }

    private void deliver(MediaFrame frame, long now) {
        switch (timeLine.map(frame, now)) {
            case CONTINUES -> {
                // the usual case
            }
            case STEPPED_BACK -> meter.repaired(Repair.STEPPED_BACK);
            case SOUND_RESYNCED -> meter.repaired(Repair.SOUND_RESYNCED);
            case REBASED -> meter.repaired(Repair.REBASED);
            case TIMED_BY_ARRIVAL -> meter.repaired(Repair.TIMED_BY_ARRIVAL);
            case DROP -> {
                meter.repaired(Repair.SOUND_OVERLAPPED);
                return;
            }
            case CUT -> {
                meter.cut();
                if (!cuts.take(now)) {
                    leave(PublisherHandle.Reason.BROKEN_CLOCK);
                    return;
                }
                anchored = false;
                begin(tracks);
            }
        }
        if (runsAhead(now)) {
            leave(PublisherHandle.Reason.BROKEN_CLOCK);
            return;
        }
        MediaFrame mapped = frame.at(timeLine.mapped());
        send(mapped);
        if (mapped.track().isVideo()) {
            fillSilence(mapped);
        } else if (mapped.track().id() == Track.AUDIO) {
            soundMissing = false;
            mute = false;
        }
        if (state == StreamState.RECONNECTING && everPlayable) {
            moveTo(StreamState.LIVE);
        }
    }

    /** Time stamps in large steps would make hours of segments in a second. */
    private boolean runsAhead(long now) {
        long media = timeLine.endMillis() - sessionStartMillis;
        return media - MAX_LEAD_MILLIS > MAX_SPEED * TimeUnit.NANOSECONDS.toMillis(now - sessionStartNanos);
    }

    private void send(MediaFrame mapped) {
        long millis = Timescale.convert(mapped.decodeTime(), mapped.track().timescale(), Timescale.MILLIS);
        long arrival = clock.millis();
        if (!anchored) {
            anchored = true;
            wallClock.begin(millis, arrival - heldMillis);
        }
        wallClock.arrived(millis, arrival);
        meter.mapped(mapped);
        cache.add(mapped);
        if (targetSeconds == 0 && probe.decidesOn(mapped)) {
            targetSeconds = probe.targetSeconds();
            markPlayable();
        }
        subscribers.frame(mapped);
    }

    /** A sound track that was announced and says nothing would stop every player: silence takes its place. */
    private void fillSilence(MediaFrame picture) {
        if (tracks.size() < 2
                || picture.track().id() != Track.VIDEO
                || tracks.get(1).id() != Track.AUDIO
                || !(tracks.get(1).format() instanceof TrackFormat.Audio audio)) {
            return;
        }
        Track sound = tracks.get(1);
        boolean never = mute;
        long pictureMillis =
                Timescale.convert(picture.decodeTime(), picture.track().timescale(), Timescale.MILLIS);
        long soundMillis = timeLine.nextSoundMillis(sound.id());
        soundMissing |= never || pictureMillis - soundMillis >= SOUND_MISSING_MILLIS;
        if (!soundMissing) {
            return;
        }
        ByteBuf payload = Silence.frame(audio);
        if (payload == null) {
            return;
        }
        long until = never ? pictureMillis : pictureMillis - SILENCE_BEHIND_MILLIS;
        while (timeLine.nextSoundMillis(sound.id()) <= until) {
            MediaFrame silence = new MediaFrame(sound, 0, 0, true, payload);
            timeLine.continueSound(silence);
            send(silence.at(timeLine.mapped()));
            meter.repaired(Repair.SILENCE_INSERTED);
        }
    }

    /** Counts what others mended: the demuxer before the hub, a way out behind it. On the owner's thread. */
    public void repaired(Repair repair) {
        meter.repaired(repair);
    }

    void leftOut(LeftOut part) {
        List<LeftOut> known = leftOut;
        if (known.size() < MAX_LEFT_OUT && !known.contains(part)) {
            List<LeftOut> more = new ArrayList<>(known);
            more.add(part);
            leftOut = List.copyOf(more);
        }
    }

    private void leave(PublisherHandle.Reason reason) {
        Publisher current = publisher;
        if (current != null) {
            current.detach(reason);
            onPublisherGone(current);
        }
    }

    void onPublisherGone(Publisher gone) {
        if (publisher != gone || state == StreamState.ENDED) {
            return;
        }
        publisher = null;
        pause();
        moveTo(StreamState.RECONNECTING);
        cancelGrace();
        graceTimer = owner.schedule(
                () -> {
                    if (publisher == null) {
                        endNow(PublisherHandle.Reason.ENDED);
                    }
                },
                config.grace().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void pause() {
        publisherInfo = null;
        cache.clear();
        gate.drop();
        firstHeldNanos = 0;
        meter.silence();
        subscribers.tell(Subscriber::paused);
    }

    private void endNow(PublisherHandle.Reason reason) {
        if (state == StreamState.ENDED) {
            return;
        }
        cancelGrace();
        Publisher current = publisher;
        publisher = null;
        if (current != null) {
            current.detach(reason);
            pause();
        }
        onEnded.run();
        cache.clear();
        subscribers.end();
        moveTo(StreamState.ENDED);
    }

    private void cancelGrace() {
        ScheduledFuture<?> timer = graceTimer;
        if (timer != null) {
            timer.cancel(false);
            graceTimer = null;
        }
    }

    private void moveTo(StreamState to) {
        StreamState from = state;
        if (from != to) {
            state = to;
            listeners.forEach(listener -> listener.stateChanged(this, from, to));
        }
    }
}
