// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.callback.CallbackContract.Answer;
import live.millrace.media.hub.StreamNaming;

/**
 * Asks and tells an HTTP server of the operator's. Questions have a time limit, and everything but a clear yes is a no; only that a
 * publisher's question was not answered at all is none, and it is asked again. Events are delivered in order and tried again.
 * Redirections are never followed.
 *
 * <p>Thread-safe; no method blocks.
 */
public final class HttpCallbacks
        implements PublishAuthorizer, PublishObserver, PlayAuthorizer, PlayObserver, AutoCloseable {
    /** Whoever the callback accepts holds the stream's name: the newest publisher wins. */
    private static final String CREDENTIAL = "callback";

    private final CallbackClient client;
    private final InstantSource clock;
    private final EventQueue events;
    private final String serverId = "vid-" + UUID.randomUUID();
    private final AtomicInteger askedAgain = new AtomicInteger();
    private volatile CallbackConfig config;

    public HttpCallbacks(CallbackConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.client = new CallbackClient(clock);
        this.events = new EventQueue(event -> client.deliver(this.config, event));
    }

    /** Other addresses, from the next callback on. */
    public void configure(CallbackConfig next) {
        config = next;
        client.keep(
                Stream.of(next.onPublish(), next.onPlay()).flatMap(List::stream).toList());
    }

    /** Questions that nobody answered yet and that are asked again. */
    int askedAgain() {
        return askedAgain.get();
    }

    /** Events that nobody took. */
    public long lostEvents() {
        return events.lost();
    }

    @Override
    public CompletionStage<PublishDecision> authorize(PublishAttempt attempt) {
        CallbackConfig now = config;
        String body = now.contract().publish(attempt, serverId);
        PublishQuestion question = new PublishQuestion(
                new PublishQuestion.Terms(client, now, body, askedAgain),
                answer -> decision(answer, attempt),
                () -> unpublish(attempt));
        question.ask();
        return question.outcome();
    }

    private static PublishDecision decision(Answer answer, PublishAttempt attempt) {
        if (!answer.yes()) {
            return new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY);
        }
        return StreamNaming.AS_SAID
                .path(attempt.requested().application(), answer.name().orElse(attempt.requested().stream()))
                .<PublishDecision>map(path -> new PublishDecision.Granted(path.application(), path.name(), CREDENTIAL))
                .orElseGet(() -> new PublishDecision.Refused(RefusalCause.BAD_NAME));
    }

    @Override
    public CompletionStage<PlayDecision> authorize(PlayAttempt attempt) {
        CallbackConfig now = config;
        if (now.onPlay().isEmpty()) {
            return CompletableFuture.completedStage(PlayDecision.UNLIMITED);
        }
        AtomicBoolean agreed = new AtomicBoolean();
        return client.ask(now, now.onPlay(), now.contract().play(attempt, serverId), () -> true, () -> agreed.set(true))
                .exceptionally(unanswered -> Answer.NO)
                .thenApply(answer -> {
                    if (!answer.yes() && agreed.get()) {
                        stopped(attempt); // one counted the viewer in before another said no
                    }
                    return answer.yes()
                            ? new PlayDecision.Granted(
                                    answer.life().map(clock.instant()::plus), Integer.MAX_VALUE, answer.identity())
                            : PlayDecision.NOT_ALLOWED;
                });
    }

    /** {@inheritDoc} When nobody is asked about viewers. */
    @Override
    public boolean isPublic(String application, String name) {
        return config.onPlay().isEmpty();
    }

    @Override
    public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
        // They said no themselves, or their yes came to nothing: either way the publisher was never there.
        if (granted.isPresent()) {
            unpublish(attempt);
        }
    }

    @Override
    public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
        // Their yes is what they know it by.
    }

    @Override
    public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
        unpublish(attempt);
    }

    private void unpublish(PublishAttempt attempt) {
        CallbackConfig now = config;
        tell(now.onUnpublish(), now.contract().unpublish(attempt, serverId));
    }

    @Override
    public void stopped(PlayAttempt attempt) {
        CallbackConfig now = config;
        tell(now.onStop(), now.contract().stop(attempt, serverId));
    }

    /** Tells of a recording that ended. */
    public void recorded(RecordedBroadcast recording) {
        CallbackConfig now = config;
        tell(now.onRecord(), now.contract().recorded(recording, serverId));
    }

    private void tell(List<URI> addresses, String body) {
        String contentType = config.contract().contentType();
        for (URI address : addresses) {
            events.add(new EventQueue.Event(address, contentType, body, UUID.randomUUID()));
        }
    }

    /** Delivers the events that wait, for {@code time} at most. */
    public void close(Duration time) {
        events.close(time);
        client.close();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }
}
