// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.NetworkTries;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Places;
import live.millrace.platform.signin.Proofs;
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
    private final Passkeys passkeys;
    private final Places places;
    private final NetworkTries networkTries;
    private final Clock clock;

    Confirmations(
            Accounts accounts,
            SignInBudget budget,
            AuthenticatorApps apps,
            Passkeys passkeys,
            Places places,
            NetworkTries networkTries,
            Clock clock) {
        this.accounts = accounts;
        this.budget = budget;
        this.apps = apps;
        this.passkeys = passkeys;
        this.places = places;
        this.networkTries = networkTries;
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

    /** What a browser needs to ask for a passkey of theirs, for this session; empty where browsers give none. */
    public Optional<String> passkeyOptions(AccountPrincipal principal, HttpServletRequest request) {
        return places.of(request)
                .map(place -> passkeys.confirmation(
                        principal.accountId(), request.getSession().getId(), place));
    }

    /** Takes a passkey. There is nothing to guess: it counts for the network alone. */
    public @Nullable LoginFailure passkey(
            AccountPrincipal principal, String shown, HttpServletRequest request, HttpServletResponse response) {
        Duration wait = networkTries.take(NetworkTries.Work.PASSKEY, request.getRemoteAddr());
        if (!wait.isZero()) {
            return LoginFailure.ofConfirmation("security.login.too-many", wait);
        }
        HttpSession session = request.getSession(false);
        boolean right = session != null
                && places.of(request)
                        .filter(place -> passkeys.confirms(principal.accountId(), session.getId(), shown, place))
                        .isPresent();
        if (!right) {
            return LoginFailure.ofConfirmation("security.passkey.confirm.failed", Duration.ZERO);
        }
        confirmed(Proofs.PASSKEY, request, response);
        return null;
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
            return LoginFailure.ofConfirmation(LoginFailure.BUSY, Duration.ofSeconds(TooBusyException.RETRY_SECONDS));
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
