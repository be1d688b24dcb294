// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.testing.Wait;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenQuestionsTest {
    private static final int MOST = 3;

    /** An authorization whose database is away until somebody says otherwise. */
    private static final class AwayAuthorization implements PublishAuthorization {
        private final List<UUID> asked = new CopyOnWriteArrayList<>();
        private volatile Supplier<PublishAnswer> answer = PublishAnswer.Later::new;

        @Override
        public PublishAnswer mayPublish(PublishQuestion question) {
            asked.add(question.sessionId());
            return answer.get();
        }

        @Override
        public void refused(PublishQuestion question, Refusal refusal, OptionalLong keyId) {
            // not asked here
        }

        @Override
        public void started(PublishQuestion question, long keyId) {
            // not asked here
        }

        @Override
        public void left(long keyId) {
            // not asked here
        }

        @Override
        public void ended(PublishQuestion question, long keyId, String end) {
            // not asked here
        }
    }

    private final AwayAuthorization authorization = new AwayAuthorization();
    private OpenQuestions questions = new OpenQuestions(authorization, Duration.ofSeconds(30), MOST);

    @AfterEach
    void close() {
        questions.close();
    }

    private static PublishQuestion question() {
        return new PublishQuestion(UUID.randomUUID(), "127.0.0.1", "OBS", Optional.empty(), Optional.of("a key"));
    }

    private CompletableFuture<PublishDecision> ask(PublishQuestion question) {
        return questions.ask(question).toCompletableFuture();
    }

    private void asked(int times) throws Exception {
        Wait.until("the authorization was asked", () -> authorization.asked.size() == times);
    }

    @Test
    void whatWaitsIsAskedAgainWhenTheDatabaseIsBack() throws Exception {
        CompletableFuture<PublishDecision> answer = ask(question());
        asked(1);
        authorization.answer = () -> new PublishAnswer.Yes("anna", 7);

        Wait.until("it is answered", () -> {
            questions.askAgain();
            return answer.isDone();
        });

        assertThat(answer.get()).isEqualTo(new PublishDecision.Granted("anna", "7"));
        assertThat(authorization.asked).hasSize(2);
        assertThat(questions.size()).isZero();
    }

    @Test
    void thePeersThatLeftAreNotAskedForAndTakeNoRoom() throws Exception {
        for (int i = 1; i <= 10 * MOST; i++) {
            PublishQuestion question = question();
            CompletableFuture<PublishDecision> answer = ask(question);
            asked(i);
            questions.over(question.sessionId());
            assertThat(answer).isCompletedExceptionally();
        }

        assertThat(questions.size()).isZero();
        questions.askAgain();
        authorization.answer = () -> new PublishAnswer.No(Refusal.UNKNOWN_KEY);
        assertThat(ask(question()).get(20, TimeUnit.SECONDS)).isInstanceOf(PublishDecision.Refused.class);
        assertThat(authorization.asked).hasSize(10 * MOST + 1);
    }

    @Test
    void oneTooManyStaysWithoutAnAnswer() throws Exception {
        PublishQuestion first = question();
        ask(first);
        for (int i = 1; i < MOST; i++) {
            ask(question());
        }
        asked(MOST); // one that is over before its turn came is never asked

        assertThatThrownBy(() -> ask(question()).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);

        questions.over(first.sessionId());
        CompletableFuture<PublishDecision> another = ask(question());
        asked(MOST + 1);
        assertThat(another).isNotDone();
    }

    @Test
    void aQuestionThatIsOpenForTooLongEndsByItself() {
        questions.close();
        questions = new OpenQuestions(authorization, Duration.ofMillis(50), MOST);

        assertThatThrownBy(() -> ask(question()).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);

        assertThat(questions.size()).isZero();
    }

    @Test
    void aFaultOfTheAuthorizationIsHeard() {
        authorization.answer = () -> {
            throw new IllegalStateException("broken");
        };

        assertThatThrownBy(() -> ask(question()).get(20, TimeUnit.SECONDS)).hasRootCauseMessage("broken");

        assertThat(questions.size()).isZero();
    }
}
