// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.callback.HttpCallbacks;

/** Who may watch: where a ticket is written for a stream, who has one, and else whoever the callbacks let in. */
final class PlayRules implements PlayAuthorizer, PlayObserver {
    private final Supplier<TicketRules> tickets;
    private final HttpCallbacks callbacks;

    /** @param tickets those in force now */
    PlayRules(Supplier<TicketRules> tickets, HttpCallbacks callbacks) {
        this.tickets = tickets;
        this.callbacks = callbacks;
    }

    @Override
    public CompletionStage<PlayDecision> authorize(PlayAttempt attempt) {
        return tickets.get()
                .decide(attempt)
                .<CompletionStage<PlayDecision>>map(CompletableFuture::completedStage)
                .orElseGet(() -> callbacks.authorize(attempt));
    }

    @Override
    public boolean isPublic(String application, String name) {
        return !tickets.get().guards(application, name) && callbacks.isPublic(application, name);
    }

    /** {@inheritDoc} Callbacks that were not asked are not told. */
    @Override
    public void stopped(PlayAttempt attempt) {
        if (!tickets.get().guards(attempt.application(), attempt.name())) {
            callbacks.stopped(attempt);
        }
    }
}
