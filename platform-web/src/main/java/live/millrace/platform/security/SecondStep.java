// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.shared.Secrets;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.Proofs;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.stereotype.Component;

/**
 * Between a right password, or another service's word, and a log-in, where a code is asked for as well: nobody is signed in yet. It is
 * asked where every log-in has to pass, just before the session becomes somebody's.
 */
@Component
public class SecondStep implements SessionAuthenticationStrategy {
    static final String PATH = "/login/code";

    private static final String ATTRIBUTE = "live.millrace.second-step";
    private static final Duration VALID = Duration.ofMinutes(10);

    /** No hash of a hash: of an account without a password. */
    private static final String NONE = "none";

    private final AuthenticatorApps apps;
    private final Accounts accounts;
    private final Clock clock;

    SecondStep(AuthenticatorApps apps, Accounts accounts, Clock clock) {
        this.apps = apps;
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * Who showed a first proof, and when. Kept in the session.
     *
     * @param first which one; null in a session of an earlier version, which knew passwords alone
     * @param password a mark of the password that they had: with another one nothing is right any more; null in such a session too
     */
    record Waiting(
            long accountId,
            Instant since,
            @Nullable String first,
            @Nullable String username,
            @Nullable String password) implements Serializable {
        private static final long serialVersionUID = 1L;

        String proof() {
            return first == null ? Proofs.PASSWORD : first;
        }
    }

    @Override
    public void onAuthentication(
            @Nullable Authentication authentication, HttpServletRequest request, HttpServletResponse response) {
        if (authentication != null
                && authentication.getPrincipal() instanceof AccountPrincipal principal
                && !Proofs.strong(authentication)
                && apps.asked(principal.accountId())) {
            throw new SecondStepException(principal.accountId(), principal.getUsername(), first(authentication));
        }
    }

    private static String first(Authentication authentication) {
        return authentication.getAuthorities().stream().anyMatch(held -> Proofs.SERVICE.equals(held.getAuthority()))
                ? Proofs.SERVICE
                : Proofs.PASSWORD;
    }

    void begin(SecondStepException second, HttpServletRequest request) {
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        request.getSession(true)
                .setAttribute(
                        ATTRIBUTE,
                        new Waiting(
                                second.accountId(),
                                clock.instant(),
                                second.first(),
                                second.username(),
                                password(second.username()).orElse(null)));
    }

    /** A mark of the password that an account has now: a hash of its hash, which tells nothing of it. Also of having none. */
    private Optional<String> password(String username) {
        return accounts.findForLogin(username)
                .map(account -> account.getPassword() == null
                        ? NONE
                        : Base64.getEncoder().encodeToString(Secrets.hash(account.getPassword())));
    }

    /** Whether somebody is asked for a code at all. */
    public boolean waits(HttpServletRequest request) {
        return waiting(request).isPresent();
    }

    Optional<Waiting> waiting(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(ATTRIBUTE) instanceof Waiting waiting
                ? Optional.of(waiting)
                        .filter(held -> held.since().plus(VALID).isAfter(clock.instant())
                                && held.username() != null
                                && held.password() != null
                                && password(held.username())
                                        .filter(held.password()::equals)
                                        .isPresent())
                : Optional.empty();
    }

    /** Takes a code; answers which proof it is, or nothing when it is wrong. */
    Optional<String> take(Waiting waiting, String typed) {
        return apps.take(waiting.accountId(), typed);
    }

    void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.removeAttribute(ATTRIBUTE);
        }
    }
}
