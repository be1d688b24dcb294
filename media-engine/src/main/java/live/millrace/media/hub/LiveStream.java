// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.tally.Tally;
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

    private final StreamPath path;
    private final BroadcastIdentity identity;
    private final boolean fetched;
    private final Instant startedAt;
    private final HubConfig config;
    private final List<StreamListener> listeners;
    private final Runnable onEnded;
    private final InstantSource clock;

    private final Subscribers subscribers;
    private final IncomingMedia media;
    private final StatisticsMeter meter;
    private final Takeovers takeovers;

    private volatile ScheduledExecutorService owner;
    private volatile StreamState state = StreamState.PROBING;
    private volatile @Nullable PublisherInfo publisherInfo;
    private volatile @Nullable Instant liveSince;
    private volatile Latency latency = Latency.NORMAL;
    private @Nullable Publisher publisher;

    /** Who has the stream, and is not attached yet: from the last turn of the old owner to the first of the new one. */
    private volatile @Nullable PublisherOrigin joining;

    private @Nullable ScheduledFuture<?> graceTimer;
    private boolean everPlayable;

    /** @param first begins it */
    LiveStream(
            PublishRequest first,
            HubConfig config,
            Tally<Repair> repairs,
            List<StreamListener> listeners,
            InstantSource clock,
            Runnable onEnded) {
        this.path = first.path();
        this.identity = first.identity();
        this.fetched = first.publisher().origin() instanceof PublisherOrigin.Pull;
        this.listeners = listeners;
        this.subscribers = new Subscribers(path, () -> listeners.forEach(listener -> listener.untaken(this)));
        this.config = config;
        this.takeovers = new Takeovers(config.takeoverInterval());
        this.meter = new StatisticsMeter(repairs);
        this.media = new IncomingMedia(this, config.silentAudio(), first.targetSeconds(), subscribers, meter, clock);
        this.owner = first.owner();
        this.clock = clock;
        this.startedAt = identity.startedAt().orElseGet(clock::instant);
        this.onEnded = onEnded;
    }

    public StreamPath path() {
        return path;
    }

    /** Names this broadcast; the next one of the same channel has another. */
    public UUID broadcastId() {
        return identity.id();
    }

    /** What makes it the same broadcast elsewhere. */
    public BroadcastIdentity identity() {
        return identity;
    }

    /** It is fetched by us: nobody keeps it on but those who want it. */
    public boolean isFetched() {
        return fetched;
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
        return media.tracks();
    }

    /** What the publisher sends and nobody gets. */
    public List<LeftOut> leftOut() {
        return media.leftOut();
    }

    /** Who publishes; empty while the stream waits for a publisher. */
    public Optional<PublisherInfo> publisher() {
        return Optional.ofNullable(publisherInfo);
    }

    /** Without bit rate and frame rate while nothing comes. */
    public StreamStatistics statistics() {
        return meter.snapshot(System.nanoTime());
    }

    /** In bit/s, of the last window in which anything came. */
    public long lastBitrate() {
        return meter.snapshot().bitrate();
    }

    /** The longest that a segment of this broadcast may be, in seconds; 0 while the stream is being probed. */
    public int targetSeconds() {
        return media.targetSeconds();
    }

    /** How long somebody who comes now waits for a picture: empty when there is one at once, zero when nobody knows. */
    public Optional<Duration> pictureIn() {
        return media.pictureIn();
    }

    /** What the publisher asked for. */
    public Latency latency() {
        return latency;
    }

    /**
     * When the frame of a decode time was made, as far as arrivals tell: the same for every track, whenever asked. On the stream's thread.
     */
    public Instant wallClock(long millis) {
        return Instant.ofEpochMilli(media.wallClock(millis));
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
            if (!media.tracks().isEmpty()) {
                added.tracks(media.tracks());
                media.replay(added);
            }
        });
    }

    /**
     * Takes part in the stream beside its publisher, until the {@linkplain Rendition#end end}. On the stream's thread.
     *
     * @throws IllegalStateException if there are more than the stream has tracks
     */
    public Rendition contribute() {
        return media.renditions().add();
    }

    /** Whether anybody subscribes, for whatever reason, and what comes should not wait. On the stream's thread. */
    public boolean isWatched() {
        return !subscribers.isEmpty();
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
                liveSince = identity.startedAt().orElseGet(clock::instant);
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
        PublisherOrigin next = joining;
        if (next != null) {
            return next.equals(request.publisher().origin())
                    ? PublishResult.Cause.TAKEOVER_TOO_SOON
                    : PublishResult.Cause.BUSY;
        }
        boolean pulls = request.publisher().origin() instanceof PublisherOrigin.Pull;
        Publisher current = publisher;
        if (current == null) {
            if (fetched && !pulls) {
                endNow(PublisherHandle.Reason.ENDED); // who comes with a key begins a broadcast of their own
            }
            return pulls && !fetched ? PublishResult.Cause.BUSY : null;
        }
        if (!current.request().publisher().origin().equals(request.publisher().origin())) {
            return PublishResult.Cause.BUSY;
        }
        return takeovers.allows(System.nanoTime(), media.lastFrameNanos())
                ? null
                : PublishResult.Cause.TAKEOVER_TOO_SOON;
    }

    private void handOver(PublishRequest request, CompletableFuture<PublishResult> result) {
        Publisher old = publisher;
        publisher = null;
        cancelGrace();
        if (old != null) {
            old.detach(PublisherHandle.Reason.TAKEN_OVER);
            pause();
        }
        joining = request.publisher().origin();
        ScheduledExecutorService next = request.owner();
        owner = next;
        next.execute(() -> attach(request, result));
    }

    private void attach(PublishRequest request, CompletableFuture<PublishResult> result) {
        joining = null;
        if (state == StreamState.ENDED) {
            result.completeExceptionally(new EndedException());
            return;
        }
        Publisher attached = new Publisher(this, request);
        publisher = attached;
        publisherInfo = request.publisher();
        latency = request.latency();
        media.newSession();
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

    /** What its publisher sends. */
    IncomingMedia media() {
        return media;
    }

    // ---- what the media says of the broadcast -----------------------------------------------------------------

    boolean hasPublisher() {
        return publisher != null;
    }

    void tracksChanged() {
        listeners.forEach(listener -> listener.tracksChanged(this));
    }

    /** A frame went out. */
    void delivered() {
        if (state == StreamState.RECONNECTING && everPlayable) {
            moveTo(StreamState.LIVE);
        }
    }

    /** Counts what others mended: the demuxer before the hub, a way out behind it. On the owner's thread. */
    public void repaired(Repair repair) {
        meter.repaired(repair);
    }

    /** Somebody subscribes to it who wants it to be there. */
    boolean isTaken() {
        return subscribers.isTaken();
    }

    /** How often it was taken. */
    long timesTaken() {
        return subscribers.timesTaken();
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    /** Sends the publisher away, if there is one. */
    void leave(PublisherHandle.Reason reason) {
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
        boolean nothing =
                !fetched && media.tracks().isEmpty() && identity.startedAt().isEmpty();
        pause();
        if (nothing) {
            endNow(PublisherHandle.Reason.ENDED); // nobody ever had anything of it: there is nothing to wait for
            return;
        }
        moveTo(StreamState.RECONNECTING);
        graceTimer = owner.schedule(
                () -> {
                    if (publisher == null) {
                        endNow(PublisherHandle.Reason.ENDED);
                    }
                },
                config.grace().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The publisher's program says what it is. */
    void onEncoder(String encoder) {
        publisherInfo = publisher().map(known -> known.withEncoder(encoder)).orElse(null);
    }

    private void pause() {
        publisherInfo = null;
        media.pause();
        subscribers.tell(Subscriber::paused);
    }

    void endNow(PublisherHandle.Reason reason) {
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
        media.end();
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
