// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.StreamKey;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.shared.DatabaseState;

/**
 * Who may publish to the site, as the engine asks and tells it: {@link PublishAuthorization} gets questions on threads of their own,
 * reports on one thread in order. Thread-safe.
 */
final class SiteAuthorizer implements PublishAuthorizer, PublishObserver, AutoCloseable {
    private final PublishAuthorization authorization;
    private final OpenQuestions questions;
    private final PublishReports reports;

    /** @param patience how long a question may be open */
    SiteAuthorizer(PublishAuthorization authorization, Duration patience, DatabaseState database) {
        this.authorization = authorization;
        this.questions = new OpenQuestions(authorization, patience, OpenQuestions.MOST);
        this.reports = new PublishReports(database);
    }

    /** Asks what was not answered while the database was away. */
    void askAgain() {
        questions.askAgain();
    }

    @Override
    public CompletionStage<PublishDecision> authorize(PublishAttempt attempt) {
        return questions.ask(question(attempt));
    }

    private static PublishQuestion question(PublishAttempt attempt) {
        return new PublishQuestion(
                attempt.sessionId(),
                attempt.remoteAddress().getAddress().getHostAddress(),
                attempt.encoder(),
                attempt.channel().map(name -> name.toLowerCase(Locale.ROOT)),
                attempt.key().map(StreamKey::secret));
    }

    @Override
    public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
        questions.over(attempt.sessionId());
        Runnable report = () -> authorization.refused(
                question(attempt),
                Refusal.valueOf(cause.name()),
                granted.map(grant -> OptionalLong.of(keyId(grant))).orElseGet(OptionalLong::empty));
        if (granted.isPresent()) {
            reports.add(report);
        } else {
            reports.addOfStranger(report);
        }
    }

    @Override
    public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
        reports.add(() -> authorization.started(question(attempt), keyId(granted)));
    }

    @Override
    public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
        // At once: a report may wait behind others for the database, and the encoder is to return before that.
        authorization.left(keyId(granted));
        reports.add(() -> authorization.ended(question(attempt), keyId(granted), end.name()));
    }

    private static long keyId(PublishDecision.Granted granted) {
        return Long.parseLong(granted.credentialId());
    }

    /** Answers no more; reports that wait are made. Blocks for them. */
    @Override
    public void close() {
        questions.close();
        reports.close();
    }
}
