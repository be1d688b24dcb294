// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.TooBusyException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Checks name and password, so often and no more. A wrong name and a wrong password get one answer; too many tries are told
 * for names of nobody as well; that an account is suspended is told to whoever knows its password.
 */
@Component
class ThrottledAuthenticationProvider implements AuthenticationProvider {
    /** The request attribute that holds who was found for the name, if they may try: nobody is looked up twice. */
    private static final String FOUND = ThrottledAuthenticationProvider.class.getName() + ".found";

    private final Accounts accounts;
    private final Limits limits;
    private final SignInTries tries;
    private final AddressBans bans;
    private final DaoAuthenticationProvider provider;

    ThrottledAuthenticationProvider(
            Accounts accounts, PasswordEncoder passwords, Limits limits, SignInTries tries, AddressBans bans) {
        this.accounts = accounts;
        this.limits = limits;
        this.tries = tries;
        this.bans = bans;
        this.provider = new DaoAuthenticationProvider(_ -> {
            if (request().getAttribute(FOUND) instanceof AccountPrincipal found) {
                return found;
            }
            throw new UsernameNotFoundException("no such account");
        });
        provider.setPasswordEncoder(passwords);
        // After the password, not before: else the answer would tell which names exist.
        provider.setPreAuthenticationChecks(_ -> {});
        provider.setPostAuthenticationChecks(user -> {
            if (!user.isAccountNonLocked()) {
                throw user instanceof AccountPrincipal principal
                        ? new SuspendedException(principal.accountId())
                        : new LockedException("suspended");
            }
            if (!user.isEnabled()) {
                throw new DisabledException("waiting");
            }
        });
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        HttpServletRequest request = request();
        String address = request.getRemoteAddr();
        // First of all, and nothing after it: an address that may try no more takes nothing from anybody.
        Duration wait = limits.tryLogin(address);
        if (!wait.isZero()) {
            throw new TooManyTriesException(wait);
        }
        if (bans.banned(address)) {
            throw new CredentialsExpiredException("banned address");
        }
        Optional<AccountPrincipal> account = accounts.findForLogin(authentication.getName());
        OptionalLong id =
                account.map(found -> OptionalLong.of(found.accountId())).orElse(OptionalLong.empty());
        SignInTries.Try taken = tries.logIn(authentication.getName(), id, request);
        if (!taken.allowed() && !taken.quiet()) {
            throw new TooManyTriesException(taken.pause());
        }
        HashPlaces.rank(request, taken.rank(), id);
        try {
            // Whoever has no password is answered like nobody, and in the same time.
            request.setAttribute(
                    FOUND,
                    account.filter(found -> taken.allowed() && found.getPassword() != null)
                            .orElse(null));
            Authentication done = Objects.requireNonNull(provider.authenticate(authentication));
            taken.giveBack();
            limits.loggedIn(address);
            return done;
        } catch (LockedException | DisabledException known) {
            // Whoever hears of it knew the password.
            taken.giveBack();
            throw known;
        } catch (TooBusyException busy) {
            taken.giveBack();
            limits.loggedIn(address);
            throw new BusyException(busy);
        } finally {
            request.removeAttribute(FOUND);
        }
    }

    private static HttpServletRequest request() {
        return ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    /** Nobody was refused: there was no place to look. */
    static final class BusyException extends AuthenticationException {
        private static final long serialVersionUID = 1L;

        BusyException(TooBusyException cause) {
            super("busy", cause);
        }
    }
}
