// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.signin.AuthenticatorApps;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/**
 * How people show that it is still they. A log-in counts for ten minutes; signing up counts for an hour, in which a newcomer makes a key and
 * finds their way around in the encoder.
 */
@Component
public class Confirmations implements Reauthentication {
    /** Granted with a sign-up. */
    static final String SIGN_UP = "FACTOR_SIGN_UP";

    /** Nobody is signed in any more. */
    public static final LoginFailure ENDED = LoginFailure.ofConfirmation("security.login.ended", Duration.ZERO);

    private static final Duration RECENT = Duration.ofMinutes(10);
    private static final Duration NEWCOMER = Duration.ofHours(1);

    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();
    private final Accounts accounts;
    private final SignInBudget budget;
    private final AuthenticatorApps apps;
    private final Clock clock;

    Confirmations(Accounts accounts, SignInBudget budget, AuthenticatorApps apps, Clock clock) {
        this.accounts = accounts;
        this.budget = budget;
        this.apps = apps;
        this.clock = clock;
    }

    @Override
    public boolean recent() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && recent(authentication);
    }

    boolean recent(Authentication authentication) {
        Instant now = clock.instant();
        return authentication.getAuthorities().stream().anyMatch(authority -> recent(authority, now));
    }

    private static boolean recent(GrantedAuthority authority, Instant now) {
        if (!(authority instanceof FactorGrantedAuthority factor)
                || FactorGrantedAuthority.BEARER_AUTHORITY.equals(factor.getAuthority())) {
            return false;
        }
        Duration holds = SIGN_UP.equals(factor.getAuthority()) ? NEWCOMER : RECENT;
        return factor.getIssuedAt().plus(holds).isAfter(now);
    }

    @Override
    public void confirmed(String factor, HttpServletRequest request, HttpServletResponse response) {
        Authentication before = Objects.requireNonNull(StaffFactorFilter.whole(
                request, SecurityContextHolder.getContext().getAuthentication()));
        GrantedAuthority shown = FactorGrantedAuthority.withAuthority(factor)
                .issuedAt(clock.instant())
                .build();
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(before.toBuilder()
                .authorities(held -> {
                    held.removeIf(authority -> factor.equals(authority.getAuthority()));
                    held.add(shown);
                })
                .build());
        SecurityContextHolder.setContext(context);
        // Whoever knows the id from before has nothing of what was shown now.
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        contexts.saveContext(context, request, response);
    }

    /** Whether a code of an app is a way of theirs. */
    public boolean byCode(AccountPrincipal principal) {
        return apps.asked(principal.accountId());
    }

    /**
     * Takes a password as a log-in does, with the limits of the account.
     *
     * @return nothing when it is right, else why not; {@link #ENDED} when the session guessed too often and is no more
     */
    public @Nullable LoginFailure password(
            AccountPrincipal principal, String password, HttpServletRequest request, HttpServletResponse response) {
        return shown(
                principal,
                () -> accounts.passwordIs(principal.accountId(), password)
                        ? Optional.of(FactorGrantedAuthority.PASSWORD_AUTHORITY)
                        : Optional.empty(),
                "account.password.wrong",
                request,
                response);
    }

    /** Takes a code of an app, or one for recovery; the same. */
    public @Nullable LoginFailure code(
            AccountPrincipal principal, String code, HttpServletRequest request, HttpServletResponse response) {
        return shown(
                principal, () -> apps.take(principal.accountId(), code), "security.code.failed", request, response);
    }

    private @Nullable LoginFailure shown(
            AccountPrincipal principal,
            Supplier<Optional<String>> proof,
            String wrong,
            HttpServletRequest request,
            HttpServletResponse response) {
        AtomicReference<Optional<String>> found = new AtomicReference<>(Optional.empty());
        SignInBudget.Verdict verdict;
        try {
            verdict = budget.ask(principal.accountId(), request, () -> {
                found.set(proof.get());
                return found.get().isPresent();
            });
        } catch (TooBusyException busy) {
            return LoginFailure.ofConfirmation(
                    "security.login.busy", Duration.ofSeconds(TooBusyException.RETRY_SECONDS));
        }
        return switch (verdict.outcome()) {
            case RIGHT -> {
                confirmed(found.get().orElseThrow(), request, response);
                yield null;
            }
            case WRONG -> LoginFailure.ofConfirmation(wrong, Duration.ZERO);
            case WAIT -> LoginFailure.ofConfirmation("security.login.too-many", verdict.pause());
            case ENDED -> ENDED;
        };
    }
}
