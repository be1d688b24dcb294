// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.time.Duration;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * Checks name and password, so often and no more. A wrong name and a wrong password get one answer; too many tries are told
 * for names of nobody as well; that an account is suspended is told to whoever knows its password.
 */
@Component
class ThrottledAuthenticationProvider implements AuthenticationProvider {
    private final DaoAuthenticationProvider provider;
    private final Limits limits;
    private final AddressBans bans;

    ThrottledAuthenticationProvider(Accounts accounts, PasswordEncoder passwords, Limits limits, AddressBans bans) {
        this.limits = limits;
        this.bans = bans;
        this.provider = new DaoAuthenticationProvider(name ->
                accounts.findForLogin(name).orElseThrow(() -> new UsernameNotFoundException("no such account")));
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
        String address = authentication.getDetails() instanceof WebAuthenticationDetails details
                        && details.getRemoteAddress() != null
                ? details.getRemoteAddress()
                : "unknown";
        Duration wait = limits.tryLogin(authentication.getName(), address);
        if (!wait.isZero()) {
            throw new TooManyTriesException(wait);
        }
        if (bans.banned(address)) {
            throw new CredentialsExpiredException("banned address");
        }
        Authentication done = provider.authenticate(authentication);
        limits.loggedIn(authentication.getName());
        return java.util.Objects.requireNonNull(done);
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
