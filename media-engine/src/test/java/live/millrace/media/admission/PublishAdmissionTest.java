// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.access.StreamKey;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.StreamRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every way in gets, spoken to in no protocol, with every answer given when the test says so. */
class PublishAdmissionTest {
    private static final AdmissionConfig CONFIG = new AdmissionConfig(
            Duration.ofSeconds(60), Duration.ofSeconds(10), new AdmissionConfig.Limits(10, 10, 10, 3, false));

    /** Never runs what others hand to it; the test does. */
    private final EmbeddedChannel loop = new EmbeddedChannel();

    private final StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
    private final Deque<CompletableFuture<PublishDecision>> questions = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private long nanos;
    private boolean observerFails;
    private CompletableFuture<Optional<RefusalCause>> proof = CompletableFuture.completedFuture(Optional.empty());

    private final PublishObserver observer = new PublishObserver() {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
            tell("refused " + cause + (granted.isPresent() ? " of a grant" : ""));
        }

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
            tell("started");
        }

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
            tell("ended " + end);
        }
    };

    private final PublishAdmission admission = new PublishAdmission(
            CONFIG,
            _ -> {
                CompletableFuture<PublishDecision> question = new CompletableFuture<>();
                questions.add(question);
                return question;
            },
            observer,
            registry,
            () -> nanos);

    private void tell(String what) {
        told.add(what);
        if (observerFails) {
            throw new IllegalStateException("the observer fails");
        }
    }

    @AfterEach
    void close() {
        loop.finishAndReleaseAll();
    }

    /** A protocol that notes what it hears. */
    private final class Peer implements PublishPeer {
        final List<String> heard = new ArrayList<>();
        final PublishQuestion question;

        @Override
        public CompletionStage<Optional<RefusalCause>> prove(PublishDecision.Granted grant) {
            return proof;
        }

        Peer(String address, String key) {
            question = admission.request(attempt(address, key), this, loop.eventLoop());
            var _ = question.answer().whenComplete((answer, withdrawn) -> {
                switch (answer) {
                    case null -> heard.add("nothing");
                    case PublishAnswer.Admitted _ -> heard.add("yes");
                    case PublishAnswer.Refused _ -> heard.add("no");
                }
            });
        }

        PublishSession session() {
            return ((PublishAnswer.Admitted)
                            question.answer().toCompletableFuture().resultNow())
                    .session();
        }

        @Override
        public void leave(Reason reason) {
            heard.add("leave " + reason);
        }

        @Override
        public void probe() {
            heard.add("probe");
        }

        @Override
        public void failed(Throwable cause) {
            heard.add(String.valueOf(cause.getMessage()));
        }
    }

    private static PublishAttempt attempt(String address, String key) {
        try {
            return new PublishAttempt(
                    UUID.randomUUID(),
                    new InetSocketAddress(InetAddress.getByName(address), 40_000),
                    "test",
                    "",
                    Optional.empty(),
                    key.isEmpty() ? Optional.empty() : Optional.of(new StreamKey(key)),
                    new RequestedStream.Plain("live", key, ""));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(PublishDecision decision) {
        questions.remove().complete(decision);
        loop.runPendingTasks();
    }

    private Peer onAir() {
        Peer peer = new Peer("192.0.2.1", "key");
        answer(new PublishDecision.Granted("anna", "7"));
        assertThat(peer.heard).containsExactly("yes");
        return peer;
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        loop.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
    }

    // ---- the answer -------------------------------------------------------------------------------------------

    @Test
    void aStrangerWithoutAKeyIsRefusedUnasked() {
        Peer peer = new Peer("192.0.2.1", "");
        assertThat(peer.question.open()).isFalse();
        assertThat(peer.heard).containsExactly("no");
        assertThat(questions).isEmpty();
        assertThat(told).containsExactly("refused NO_KEY");
        assertThat(admission.tallies().refusals().of(RefusalCause.NO_KEY)).isOne();
    }

    @Test
    void aWrongKeyIsRefused() {
        Peer peer = new Peer("192.0.2.1", "key");
        answer(new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
        assertThat(peer.heard).containsExactly("no");
        assertThat(told).containsExactly("refused UNKNOWN_KEY");
        assertThat(registry.streams()).isEmpty();
    }

    @Test
    void aRightKeyPublishesUntilItIsDone() {
        Peer peer = onAir();
        assertThat(registry.streams()).hasSize(1);
        peer.session().end(PublishEnd.UNPUBLISHED);
        peer.session().end(PublishEnd.CONNECTION_LOST);
        assertThat(told).containsExactly("started", "ended UNPUBLISHED");
        assertThat(admission.tallies().ends().of(PublishEnd.UNPUBLISHED)).isOne();
        assertThat(peer.heard).containsExactly("yes");
    }

    @Test
    void anAddressThatWasRefusedTooOftenIsRefusedUnaskedWhateverItSpeaks() {
        for (int i = 0; i < 3; i++) {
            new Peer("192.0.2.1", "key");
            answer(new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
        }
        assertThat(new Peer("192.0.2.1", "key").heard).containsExactly("no");
        assertThat(questions).isEmpty();
        assertThat(told.getLast()).isEqualTo("refused TOO_MANY_ATTEMPTS");
        new Peer("192.0.2.99", "key");
        assertThat(questions).hasSize(1);
    }

    @Test
    void aQuestionThatNobodyAnswersIsGivenUp() {
        Peer peer = new Peer("192.0.2.1", "key");
        pass(CONFIG.authorize());
        assertThat(questions.remove()).isCancelled();
        assertThat(peer.heard).containsExactly("no");
        assertThat(told).containsExactly("refused NO_ANSWER");
    }

    @Test
    void aPeerThatLeavesHearsNothingAndALateYesIsTakenBack() {
        Peer peer = new Peer("192.0.2.1", "key");
        questions.remove().complete(new PublishDecision.Granted("anna", "7"));
        peer.question.withdraw(PublishEnd.CONNECTION_LOST);
        loop.runPendingTasks();
        assertThat(peer.heard).containsExactly("nothing");
        assertThat(told).containsExactly("refused PEER_LEFT of a grant");
        assertThat(registry.streams()).isEmpty();
    }

    /** A passphrase, say: whoever has the key alone does not get its owner off the air. */
    @Test
    void whoeverProvesNothingSendsNobodyAway() {
        Peer first = onAir();
        proof = new CompletableFuture<>();
        Peer thief = new Peer("192.0.2.2", "key");
        answer(new PublishDecision.Granted("anna", "7"));
        assertThat(thief.question.open()).isTrue();
        proof.complete(Optional.of(RefusalCause.WRONG_PASSPHRASE));
        loop.runPendingTasks();
        assertThat(thief.heard).containsExactly("no");
        assertThat(first.heard).containsExactly("yes");
        assertThat(told).containsExactly("started", "refused WRONG_PASSPHRASE of a grant");
    }

    @Test
    void aProofThatFailsIsNobodysFault() {
        proof = CompletableFuture.failedFuture(new IllegalStateException("no thread"));
        Peer peer = new Peer("192.0.2.2", "key");
        answer(new PublishDecision.Granted("anna", "7"));
        assertThat(peer.heard).containsExactly("no");
        assertThat(told).containsExactly("refused NO_ANSWER of a grant");
    }

    @Test
    void aProofThatNeverComesIsNotWaitedFor() {
        proof = new CompletableFuture<>();
        Peer peer = new Peer("192.0.2.2", "key");
        answer(new PublishDecision.Granted("anna", "7"));
        pass(CONFIG.authorize());
        pass(Duration.ofSeconds(5));
        assertThat(peer.heard).containsExactly("no");
        proof.complete(Optional.empty());
        loop.runPendingTasks();
        assertThat(registry.streams()).isEmpty();
    }

    @Test
    void anObserverThatFailsEndsTheSession() {
        Peer peer = new Peer("192.0.2.1", "key");
        observerFails = true;
        answer(new PublishDecision.Granted("anna", "7"));
        assertThat(peer.heard).containsExactly("the observer fails");
        assertThat(told).containsExactly("started", "ended FAILED");
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    @Test
    void theSameKeyTakesOver() {
        Peer first = onAir();
        Peer second = new Peer("192.0.2.2", "key");
        answer(new PublishDecision.Granted("anna", "7"));
        loop.runPendingTasks();
        assertThat(first.heard).containsExactly("yes", "leave TAKEN_OVER");
        assertThat(second.heard).containsExactly("yes");
        assertThat(told).containsExactly("started", "ended TAKEN_OVER", "started");
    }

    @Test
    void whoeverSaysNothingIsSentAway() {
        Peer peer = onAir();
        peer.session().media();
        pass(CONFIG.silence().plusSeconds(3));
        assertThat(peer.heard).endsWith("leave SILENT");
        assertThat(told).containsExactly("started", "ended SILENT");
    }

    @Test
    void whoeverGivesSignsOfLifeMayHaveNoMediaForAWhile() {
        Peer peer = onAir();
        peer.session().media();
        peer.session().readable();
        for (int i = 0; i < 19; i++) {
            pass(Duration.ofSeconds(3));
            peer.session().received();
        }
        assertThat(peer.heard).contains("probe").doesNotContain("leave SILENT");
        pass(Duration.ofSeconds(3));
        peer.session().received();
        pass(Duration.ofSeconds(3));
        assertThat(peer.heard).endsWith("leave SILENT");
    }

    @Test
    void aSessionWithoutMediaEndsAsThatHoweverItEnds() {
        Peer peer = onAir();
        pass(Duration.ofSeconds(3));
        peer.session().end(PublishEnd.PROTOCOL_ERROR);
        assertThat(told).containsExactly("started", "ended NO_MEDIA");
    }

    @Test
    void whoeverWasAskedToLeaveLeftBecauseOfUs() {
        Peer peer = onAir();
        CompletableFuture<Void> left = peer.question.askedToLeave().toCompletableFuture();
        assertThat(left).isNotDone();
        peer.session().end(PublishEnd.CONNECTION_LOST);
        assertThat(left).isDone();
        assertThat(told).containsExactly("started", "ended SHUTDOWN");
        assertThat(peer.question.askedToLeave().toCompletableFuture()).isDone();
    }

    @Test
    void whoeverWasAskedToLeaveBeforeTheAnswerStaysAskedAfterIt() {
        Peer peer = new Peer("192.0.2.1", "key");
        CompletableFuture<Void> left = peer.question.askedToLeave().toCompletableFuture();
        answer(new PublishDecision.Granted("anna", "7"));
        assertThat(left).isNotDone();
        peer.session().end(PublishEnd.CONNECTION_LOST);
        assertThat(left).isDone();
        assertThat(told).containsExactly("started", "ended SHUTDOWN");
    }
}
