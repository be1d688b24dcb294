// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.util.Optional;

/**
 * Is told how publish attempts went. Calls for one session come in order, on event loops: implementations return at once.
 * Each attempt gets exactly one of {@link #refused} and {@link #started}; each start gets exactly one {@link #ended}.
 */
public interface PublishObserver {
    /** The attempt was refused, and its peer is told no more than that. {@code granted} is there when the authorizer agreed and the hub did not. */
    void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted);

    /** The session publishes from now on; its peer hears of it next. */
    void started(PublishAttempt attempt, PublishDecision.Granted granted);

    /** The session is over. */
    void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end);
}
