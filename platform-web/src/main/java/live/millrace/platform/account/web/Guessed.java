// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import live.millrace.platform.account.SignInBudget.Verdict;
import live.millrace.platform.account.TooBusyException;
import org.springframework.http.HttpStatus;

/**
 * What a form says whose password was not right, or was not looked at.
 *
 * @param messageKey of a text that may count minutes
 * @param minutes to wait; zero otherwise
 */
record Guessed(String messageKey, long minutes) {
    /** Where whoever guessed too often finds themselves. */
    static final String ENDED = "redirect:/login?ended";

    /** Nobody was wrong: there was no place to look. */
    static Guessed busy(HttpServletResponse response) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        response.setHeader("Retry-After", Integer.toString(TooBusyException.RETRY_SECONDS));
        return new Guessed("security.login.busy", 0);
    }

    static Guessed wrong(String messageKey, HttpServletResponse response) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return new Guessed(messageKey, 0);
    }

    static Guessed of(Verdict verdict, HttpServletResponse response) {
        Duration pause = verdict.pause();
        if (pause.isZero()) {
            return wrong("account.password.wrong", response);
        }
        response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
        response.setHeader("Retry-After", Long.toString(pause.toSeconds() + 1));
        return new Guessed("security.login.too-many", pause.plusSeconds(59).toMinutes());
    }

    Object[] arguments() {
        return new Object[] {minutes};
    }
}
