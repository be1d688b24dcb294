// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** Somebody who is signed in and gave their password when they did: Spring's own {@code user} never says when. */
public final class JustLoggedIn {
    private JustLoggedIn() {}

    /** Just now. */
    public static RequestPostProcessor user(AccountPrincipal principal) {
        return user(principal, Duration.ZERO);
    }

    /** That long ago. */
    public static RequestPostProcessor user(AccountPrincipal principal, Duration ago) {
        List<GrantedAuthority> authorities = new ArrayList<>(principal.getAuthorities());
        authorities.add(FactorGrantedAuthority.withAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY)
                .issuedAt(Instant.now().minus(ago))
                .build());
        return authentication(UsernamePasswordAuthenticationToken.authenticated(principal, null, authorities));
    }
}
