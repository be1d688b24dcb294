// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.signin.Proofs;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.authentication.WebAuthenticationDetailsSource;
import org.springframework.stereotype.Component;

/** Lets in whoever was proved without a password being looked at: as they are at this moment, with the checks of every log-in. */
@Component
class Admission {
    private final Accounts accounts;
    private final AddressBans bans;
    private final WebAuthenticationDetailsSource details = new WebAuthenticationDetailsSource();

    Admission(Accounts accounts, AddressBans bans) {
        this.accounts = accounts;
        this.bans = bans;
    }

    /** Before anything is checked: an address that is banned learns nothing. */
    void address(HttpServletRequest request) {
        if (bans.banned(request.getRemoteAddr())) {
            throw new CredentialsExpiredException("banned address");
        }
    }

    /** @param proofs which of {@link Proofs}, and since when */
    Authentication admit(long accountId, Map<String, Instant> proofs, HttpServletRequest request) {
        AccountPrincipal principal = accounts.find(accountId)
                .map(AccountView::username)
                .flatMap(accounts::findForLogin)
                .orElseThrow(() -> new UsernameNotFoundException("gone"));
        if (!principal.isAccountNonLocked()) {
            throw new SuspendedException(accountId);
        }
        if (!principal.isEnabled()) {
            throw new DisabledException("waiting");
        }
        principal.eraseCredentials();
        List<GrantedAuthority> authorities = new ArrayList<>(principal.getAuthorities());
        proofs.forEach((proof, at) -> authorities.add(Proofs.of(proof, at)));
        UsernamePasswordAuthenticationToken admitted =
                UsernamePasswordAuthenticationToken.authenticated(principal, null, authorities);
        admitted.setDetails(details.buildDetails(request));
        return admitted;
    }
}
