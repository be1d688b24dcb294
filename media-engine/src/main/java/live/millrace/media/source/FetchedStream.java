// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.PublisherHandle;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamSource;
import org.jspecify.annotations.Nullable;

/**
 * One stream that is fetched, from its making to its end: connects when it is wanted, puts what comes on air, and connects anew when that
 * stops, for as long as it is wanted.
 *
 * <pre>
 * IDLE → STARTING ⇄ RUNNING
 *   ↑        ↑  ↓     ↓
 *   └──── WAITING ←───┘        → STOPPED, until it is put anew
 * </pre>
 *
 * <p>Confined to its loop, except where a method says otherwise.
 */
final class FetchedStream {
    /** The path is somebody else's for now. */
    private static final long BUSY_PAUSE_SECONDS = 10;

    /** Beside the patience with a source, which conversations keep by themselves. */
    private static final long BACKSTOP_MILLIS = 5_000;

    /** A first viewer waits so long for a source, and no longer. */
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final StreamPath path;
    private final EventLoop loop;
    private final Surroundings around;

    private volatile SourceAddress address;
    private volatile SourceMode mode;
    private volatile SourceStatus.State state = SourceStatus.State.IDLE;
    private volatile Instant since;
    private volatile Optional<SourceFailure> failure = Optional.empty();
    private volatile long lastMediaMillis;

    private @Nullable Run run;
    private @Nullable Attempt attempt;
    private @Nullable ScheduledFuture<?> retry;
    private final BackOff backOff = new BackOff();
    private final News news = new News();
    private boolean overStreams;
    private @Nullable UUID broadcast;

    /** How long segments were the last time: the next first viewer need not wait until that is known. */
    private int knownTarget;

    FetchedStream(StreamPath path, SourceAddress address, SourceMode mode, EventLoop loop, Surroundings around) {
        this.path = path;
        this.address = address;
        this.mode = mode;
        this.loop = loop;
        this.around = around;
        this.since = around.clock().instant();
    }

    /** While it is wanted. */
    private final class Run implements StreamSource.Run {
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        final long beganAt = System.nanoTime();

        @Override
        public CompletionStage<?> ended() {
            return ended;
        }

        @Override
        public void stop() {
            loop.execute(() -> {
                if (run == this) {
                    halt(SourceStatus.State.IDLE);
                }
            });
        }
    }

    // ---- from any thread ----------------------------------------------------------------------------------------

    SourceMode mode() {
        return mode;
    }

    SourceStatus status() {
        long media = lastMediaMillis;
        return new SourceStatus(
                state, since, failure, media == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(media)));
    }

    /** Whether it may be started for a viewer. */
    boolean canStart() {
        return mode == SourceMode.ON_DEMAND && state != SourceStatus.State.STOPPED;
    }

    /** Fetches it until the run is stopped, or gives up. */
    StreamSource.Run start() {
        Run fresh = new Run();
        loop.execute(() -> begin(fresh));
        return fresh;
    }

    /** Fetches it for ever, if that is its mode. */
    void startIfAlways() {
        loop.execute(() -> {
            if (mode == SourceMode.ALWAYS && run == null) {
                begin(new Run());
            }
        });
    }

    /** From now on from there; a broadcast that is on goes on with it. What went wrong at another address is forgotten. */
    void put(SourceAddress newAddress, SourceMode newMode, Optional<SourceFailure> stopped) {
        loop.execute(() -> {
            boolean sameMode = newMode == mode;
            boolean same = newAddress.equals(address) && state != SourceStatus.State.STOPPED;
            address = newAddress;
            mode = newMode;
            if (!same) {
                forget();
            }
            if (stopped.isPresent()) {
                failure = stopped;
                end(SourceStatus.State.STOPPED);
            } else if (run == null || !sameMode) {
                halt(SourceStatus.State.IDLE);
                startIfAlways();
            } else if (!same) {
                leave();
                connectLater();
            }
        });
    }

    private void forget() {
        overStreams = false;
        knownTarget = 0;
        failure = Optional.empty();
        backOff.reset();
        // Those who wrote down how it failed hear that this is over, whatever state it comes into.
        around.listener().changed(path, status());
    }

    /** Fetches it no more, and ends its broadcast. */
    void remove() {
        loop.execute(() -> end(SourceStatus.State.IDLE));
    }

    /** For good: nobody who watches has anything to wait for. */
    private void end(SourceStatus.State then) {
        halt(then);
        around.registry()
                .find(path)
                .filter(stream -> stream.broadcastId().equals(broadcast))
                .ifPresent(_ -> around.registry().end(path));
    }

    /** The server goes down. */
    void close() {
        loop.execute(() -> halt(SourceStatus.State.IDLE));
    }

    // ---- when it is wanted --------------------------------------------------------------------------------------

    private void begin(Run fresh) {
        if (run != null || state == SourceStatus.State.STOPPED) {
            fresh.ended.complete(null);
            return;
        }
        run = fresh;
        connectLater();
    }

    private void connectLater() {
        long pause = backOff.remaining();
        if (pause <= 0) {
            connect();
            return;
        }
        become(SourceStatus.State.WAITING);
        retry = loop.schedule(this::connect, pause, TimeUnit.NANOSECONDS);
    }

    private void connect() {
        retry = null;
        Optional<SourceProtocol> protocol = around.protocol(address);
        if (run == null || protocol.isEmpty()) {
            return;
        }
        Attempt fresh = new Attempt(protocol.get(), address);
        attempt = fresh;
        around.tallies().attempts().count(SourceTallies.Attempt.BEGUN);
        become(SourceStatus.State.STARTING);
        var _ = around.locate(fresh.from, protocol.get())
                .orTimeout(fresh.from.patience().toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(fresh::located, loop);
    }

    /** Ends what is going on; nobody wants it any more, or it cannot be. */
    private void halt(SourceStatus.State then) {
        Run over = run;
        run = null;
        leave();
        become(then);
        if (over != null) {
            over.ended.complete(null);
        }
    }

    private void leave() {
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
        Attempt going = attempt;
        attempt = null;
        if (going != null) {
            going.stop();
        }
    }

    // ---- when it fails ------------------------------------------------------------------------------------------

    private void failed(SourceFailure why) {
        around.tallies().failures().count(why);
        leave();
        failure = Optional.of(why);
        if (backOff.failed(why, mode == SourceMode.ON_DEMAND)) {
            again();
        } else {
            end(SourceStatus.State.STOPPED);
        }
    }

    /** When the pause is over; not for somebody who has given up by then. */
    private void again() {
        Run going = run;
        if (going == null) {
            return;
        }
        // An encoder's stream is none that viewers wait in.
        boolean waitedFor =
                around.registry().find(path).filter(LiveStream::isFetched).isPresent();
        boolean tooLate = System.nanoTime() + backOff.remaining() - going.beganAt > GIVE_UP_NANOS;
        if (mode == SourceMode.ON_DEMAND && !waitedFor && tooLate) {
            halt(SourceStatus.State.IDLE);
        } else {
            connectLater();
        }
    }

    /** What it was like holds the next time; not less than its key frames have shown to be apart. */
    private void learn(LiveStream stream) {
        if (stream.targetSeconds() > 0 && stream.broadcastId().equals(broadcast)) {
            knownTarget = FetchedBroadcast.segmentSeconds(stream);
        }
    }

    private void become(SourceStatus.State to) {
        if (state != to) {
            state = to;
            since = around.clock().instant();
            around.listener().changed(path, status());
        }
    }

    private void media() {
        lastMediaMillis = around.clock().millis();
        if (state != SourceStatus.State.RUNNING) {
            around.tallies().attempts().count(SourceTallies.Attempt.ON_AIR);
            backOff.media();
            news.over();
            failure = Optional.empty();
            become(SourceStatus.State.RUNNING);
        }
    }

    /** One connection, and what becomes of it. */
    private final class Attempt implements SourceProtocol.Listener, PublisherHandle {
        final SourceProtocol protocol;
        final SourceAddress from;
        private SourceProtocol.@Nullable Conversation conversation;
        private @Nullable InetSocketAddress at;
        private @Nullable FetchedBroadcast media;
        private boolean withoutDatagrams;

        Attempt(SourceProtocol protocol, SourceAddress from) {
            this.protocol = protocol;
            this.from = from;
        }

        private boolean over() {
            return attempt != this;
        }

        void located(@Nullable InetSocketAddress found, @Nullable Throwable error) {
            if (over()) {
                return;
            }
            if (found == null) {
                news.say(path + " cannot be fetched: " + error);
                FetchedStream.this.failed(
                        error instanceof ForbiddenAddressException
                                ? SourceFailure.FORBIDDEN_ADDRESS
                                : SourceFailure.UNREACHABLE);
                return;
            }
            at = found;
            conversation = protocol.begin(
                    new SourceProtocol.Request(from, found, from.datagrams() && !overStreams, loop, around.sockets()),
                    this);
            // A conversation that forgets to tell of its end does not hold its stream up for ever.
            long latest = from.patience().toMillis() + BACKSTOP_MILLIS;
            var _ = loop.schedule(this::lookForIt, latest, TimeUnit.MILLISECONDS);
        }

        private void lookForIt() {
            if (media == null) {
                failed(SourceFailure.UNREACHABLE, "it neither began nor failed");
            }
        }

        void stop() {
            around.registry().find(path).ifPresent(FetchedStream.this::learn);
            if (conversation != null) {
                conversation.stop();
            }
            if (media != null) {
                media.end();
            }
        }

        @Override
        public void described(String peer, boolean pictures, boolean sound) {
            PublisherInfo who = around.publisher(path, Objects.requireNonNull(at), peer, protocol);
            media = new FetchedBroadcast(
                    around.registry(),
                    new PublishRequest(path, who, loop, this, Latency.NORMAL, BroadcastIdentity.fresh(), knownTarget),
                    this::refused);
        }

        private void refused(PublishResult.Cause cause) {
            if (!over()) {
                news.say(path + " is fetched, and not taken: " + cause);
                FetchedStream.this.leave();
                backOff.pause(BUSY_PAUSE_SECONDS);
                again();
            }
        }

        @Override
        public void track(Track track) {
            if (media != null && !over()) {
                media.track(track);
            }
        }

        @Override
        public void frame(MediaFrame frame) {
            FetchedBroadcast on = media;
            if (on != null && !over()) {
                int bytes = frame.payload().readableBytes();
                on.frame(frame);
                UUID onAir = on.broadcast();
                if (onAir != null && !over()) {
                    broadcast = onAir;
                    around.tallies().received().add(bytes);
                    FetchedStream.this.media();
                }
            }
        }

        @Override
        public void repaired(Repair repair) {
            if (media != null) {
                media.repaired(repair);
            }
        }

        @Override
        public void leftOut(LeftOut part) {
            if (media != null) {
                media.leftOut(part);
            }
        }

        @Override
        public void datagramsFail() {
            withoutDatagrams = true;
        }

        @Override
        public void failed(SourceFailure why, String words) {
            if (over()) {
                return;
            }
            news.say(path + " cannot be fetched from " + at + ": " + words + " (" + why + ")");
            if (withoutDatagrams && !overStreams) {
                overStreams = true;
                FetchedStream.this.leave();
                connect();
            } else {
                FetchedStream.this.failed(why);
            }
        }

        /** The hub takes the stream away. */
        @Override
        public void leave(Reason reason) {
            if (over()) {
                return;
            }
            switch (reason) {
                case SHUTDOWN -> halt(SourceStatus.State.IDLE);
                case ENDED, TAKEN_OVER -> {
                    if (mode == SourceMode.ALWAYS) {
                        FetchedStream.this.failed(SourceFailure.LOST);
                    } else {
                        halt(SourceStatus.State.IDLE);
                    }
                }
                case BROKEN_CLOCK, SILENT -> FetchedStream.this.failed(SourceFailure.PROTOCOL);
            }
        }
    }
}
