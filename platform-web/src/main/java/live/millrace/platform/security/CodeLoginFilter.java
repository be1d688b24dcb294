// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.TooBusyException;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AbstractAuthenticationProcessingFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** The second step of a log-in: a code of an app, or one for recovery. */
final class CodeLoginFilter extends AbstractAuthenticationProcessingFilter {
    static final String FIELD = "code";

    private final SecondStep step;
    private final SignInBudget budget;
    private final Admission admission;
    private final Clock clock;

    CodeLoginFilter(SecondStep step, SignInBudget budget, Admission admission, Clock clock) {
        super(PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, SecondStep.PATH));
        this.step = step;
        this.budget = budget;
        this.admission = admission;
        this.clock = clock;
    }

    @Override
    public Authentication attemptAuthentication(HttpServletRequest request, HttpServletResponse response) {
        admission.address(request);
        SecondStep.Waiting waiting = step.waiting(request)
                .orElseThrow(() -> new AuthenticationCredentialsNotFoundException("no password before"));
        String typed = request.getParameter(FIELD);
        AtomicReference<String> proof = new AtomicReference<>("");
        SignInBudget.Verdict verdict;
        try {
            verdict = budget.ask(waiting.accountId(), request, () -> {
                proof.set(step.take(waiting, typed == null ? "" : typed).orElse(""));
                return !proof.get().isEmpty();
            });
        } catch (TooBusyException busy) {
            // Recovery codes are kept like passwords. Nothing was looked at.
            throw new ThrottledAuthenticationProvider.BusyException(busy);
        }
        switch (verdict.outcome()) {
            case WAIT -> throw new TooManyTriesException(verdict.pause());
            case ENDED -> throw new AuthenticationCredentialsNotFoundException("guessed too often");
            case WRONG -> throw new BadCredentialsException("wrong code");
            case RIGHT -> {}
        }
        Authentication admitted = admission.admit(
                waiting.accountId(), Map.of(waiting.proof(), waiting.since(), proof.get(), clock.instant()), request);
        step.end(request);
        return admitted;
    }
}
