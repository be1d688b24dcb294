// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision.Granted;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One time that a peer publishes. The protocol hands its media to the {@link #publisher()} and says here that something came; it
 * ends the session when the peer is done or wrong, and is told to leave when the hub or the watch over silence ends it. However it
 * ends, it ends once, and whoever wants to know is told of it.
 *
 * <p>Confined to the executor of its question.
 */
public final class PublishSession {
    /** One that gives signs of life and no media may stay for so many times the limit of silence. */
    static final int SPARSE_FACTOR = 6;

    private static final Logger LOG = LoggerFactory.getLogger(PublishSession.class);

    /** Who leaves sooner has changed his mind. */
    private static final long MEDIA_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int LOOKS_WITHIN_SILENCE = 4;
    private static final long SHORTEST_LOOK_MILLIS = 100;

    private final PublishAdmission admission;
    private final PublishAttempt attempt;
    private final Granted grant;
    private final Publisher publisher;
    private final Turns turns;
    private final long silenceNanos;
    private final long startedNanos;

    private long lastReceivedNanos;
    private long lastMediaNanos;
    private boolean hadMedia;
    private boolean reached = true;
    private boolean over;
    private @Nullable ScheduledFuture<?> watch;
    private @Nullable CompletableFuture<Void> leaving;

    /** @param leaving completed at the end, when the peer was asked to leave before the session began */
    PublishSession(
            PublishAdmission admission,
            PublishAttempt attempt,
            Granted grant,
            Publisher publisher,
            Turns turns,
            @Nullable CompletableFuture<Void> leaving) {
        this.admission = admission;
        this.attempt = attempt;
        this.grant = grant;
        this.publisher = publisher;
        this.turns = turns;
        this.leaving = leaving;
        this.silenceNanos = admission.config().silence().toNanos();
        this.startedNanos = admission.nanoTime();
        this.lastReceivedNanos = startedNanos;
        this.lastMediaNanos = startedNanos;
    }

    /** Tells of the start. One that cannot be told of ends. */
    void begin() {
        LOG.info(
                "{} is published from {} by \"{}\"",
                publisher.stream().path(),
                attempt.remoteAddress(),
                attempt.encoder());
        boolean begun = false;
        try {
            admission.observer().started(attempt, grant);
            begun = true;
        } finally {
            if (!begun) {
                end(PublishEnd.FAILED);
            }
        }
        long look = TimeUnit.NANOSECONDS.toMillis(silenceNanos) / LOOKS_WITHIN_SILENCE;
        watch = turns.every(Math.max(SHORTEST_LOOK_MILLIS, look), this::watch);
    }

    /** Where its tracks and frames go. */
    public Publisher publisher() {
        return publisher;
    }

    public boolean over() {
        return over;
    }

    // ---- what comes -------------------------------------------------------------------------------------------

    /** Something came from the peer, whatever it was. Once for each read, not for each message. */
    public void received() {
        lastReceivedNanos = admission.nanoTime();
        reached = true;
    }

    /** It was told where to send, and nothing came from it there yet. */
    public void directed() {
        reached = false;
    }

    /** With the last read a piece of audio or video came, good or bad. */
    public void media() {
        hadMedia = true;
    }

    /** What came as media could be read; silence that the peer announced counts. Only this keeps a session from being sparse. */
    public void readable() {
        lastMediaNanos = lastReceivedNanos;
    }

    /** Long enough on air for a piece of media, and none came: the peer sends something else than it should, most likely. */
    public boolean withoutMedia() {
        return !hadMedia && admission.nanoTime() - startedNanos > MEDIA_WITHIN_NANOS;
    }

    /** A peer that says nothing is gone; one that gives signs of life may have nothing to show for a while. */
    private void watch() {
        turns.peer().look();
        if (over) {
            return;
        }
        long now = admission.nanoTime();
        boolean mute = now - lastReceivedNanos > silenceNanos;
        boolean sparse = now - lastMediaNanos > silenceNanos * SPARSE_FACTOR;
        if (mute || sparse) {
            leave(PublisherHandle.Reason.SILENT);
        } else if (now - lastMediaNanos > silenceNanos / 2) {
            turns.peer().probe();
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    /** As {@link PublishQuestion#askedToLeave}. */
    CompletionStage<Void> askedToLeave() {
        if (over) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> asked = leaving == null ? new CompletableFuture<>() : leaving;
        leaving = asked;
        return asked;
    }

    /** Ends it and has the protocol say goodbye. */
    void leave(PublisherHandle.Reason reason) {
        if (over) {
            return;
        }
        turns.run(() -> {
            end(
                    switch (reason) {
                        case TAKEN_OVER -> PublishEnd.TAKEN_OVER;
                        case ENDED -> PublishEnd.KICKED;
                        case BROKEN_CLOCK -> PublishEnd.PROTOCOL_ERROR;
                        case SILENT -> PublishEnd.SILENT;
                        case SHUTDOWN -> PublishEnd.SHUTDOWN;
                    });
            turns.peer().leave(reason);
        });
    }

    /** The peer is done, gone or wrong; saying so to it is the protocol's. Idempotent. */
    public void end(PublishEnd cause) {
        if (over) {
            return;
        }
        over = true;
        CompletableFuture<Void> asked = leaving;
        PublishEnd end = asked == null ? named(cause) : PublishEnd.SHUTDOWN;
        ScheduledFuture<?> timer = watch;
        if (timer != null) {
            timer.cancel(false);
        }
        try {
            publisher.end();
            LOG.info("{} is no longer published from {}: {}", publisher.stream().path(), attempt.remoteAddress(), end);
            admission.tallies().ends().count(end);
            admission.observer().ended(attempt, grant, end);
        } finally {
            if (asked != null) {
                asked.complete(null);
            }
        }
    }

    /** However a session without media ended, that is what its owner has to know. */
    private PublishEnd named(PublishEnd cause) {
        return switch (cause) {
            case UNPUBLISHED, CONNECTION_LOST, SILENT, PROTOCOL_ERROR ->
                !withoutMedia() ? cause : reached ? PublishEnd.NO_MEDIA : PublishEnd.UNREACHED;
            case NO_MEDIA, UNREACHED, FAILED, UNSUPPORTED_MEDIA, TAKEN_OVER, KICKED, SHUTDOWN -> cause;
        };
    }
}
