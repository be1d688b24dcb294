// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Reauthentication;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.WebAuthenticationDetailsSource;
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

    private static final Duration RECENT = Duration.ofMinutes(10);
    private static final Duration NEWCOMER = Duration.ofHours(1);

    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();
    private final WebAuthenticationDetailsSource details = new WebAuthenticationDetailsSource();
    private final ThrottledAuthenticationProvider passwords;
    private final Clock clock;

    Confirmations(ThrottledAuthenticationProvider passwords, Clock clock) {
        this.passwords = passwords;
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
        Authentication before =
                Objects.requireNonNull(SecurityContextHolder.getContext().getAuthentication());
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
        request.changeSessionId();
        contexts.saveContext(context, request, response);
    }

    /**
     * Takes a password as a log-in does, with its limits.
     *
     * @return nothing when it is right, else why not
     */
    public @Nullable LoginFailure password(
            AccountPrincipal principal, String password, HttpServletRequest request, HttpServletResponse response) {
        UsernamePasswordAuthenticationToken asked =
                UsernamePasswordAuthenticationToken.unauthenticated(principal.getUsername(), password);
        asked.setDetails(details.buildDetails(request));
        try {
            passwords.authenticate(asked);
        } catch (AuthenticationException failure) {
            return LoginFailure.ofConfirmation(failure);
        }
        confirmed(FactorGrantedAuthority.PASSWORD_AUTHORITY, request, response);
        return null;
    }
}
