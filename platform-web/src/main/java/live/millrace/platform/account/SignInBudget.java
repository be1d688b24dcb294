// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How often somebody may be wrong about an account's secrets: its password, a code of its app, one for recovery. All of them are one
 * budget. A browser that the account was signed in with has one of its own, so that strangers cannot use it up. Thread-safe.
 */
public interface SignInBudget {
    /** What came of asking. */
    enum Outcome {
        RIGHT,
        WRONG,
        /** Nothing was checked: too many were wrong. */
        WAIT,
        /** The session guessed too often, and is no more. */
        ENDED
    }

    /** @param pause until the next try; zero unless it is to wait */
    record Verdict(Outcome outcome, Duration pause) {
        public boolean right() {
            return outcome == Outcome.RIGHT;
        }
    }

    /**
     * Checks a secret of the account that a session belongs to, or is about to. One that guesses too often ends.
     *
     * @param right whether what was typed is right; called at most once, and not at all when it is too early
     */
    Verdict ask(long accountId, HttpServletRequest request, BooleanSupplier right);

    /** Gives all tries back: the account's owner has proven themselves in another way, by a mail. */
    void clear(long accountId);
}
