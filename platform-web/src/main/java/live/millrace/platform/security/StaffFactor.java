// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Proofs;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Whether staff have to show more than a password, and who did not. */
@Component
class StaffFactor {
    private final SiteSettings settings;
    private final Passkeys passkeys;
    private final AuthenticatorApps apps;
    private final JsonMapper json;

    StaffFactor(SiteSettings settings, Passkeys passkeys, AuthenticatorApps apps, JsonMapper json) {
        this.settings = settings;
        this.passkeys = passkeys;
        this.apps = apps;
        this.json = json;
    }

    /**
     * Staff of whom more is wanted than was shown.
     *
     * @param token a program acts: it shows nothing itself, so that the account is asked what it has
     */
    Optional<AccountPrincipal> lacking(@Nullable Authentication authentication, boolean token) {
        if (authentication == null
                || !(authentication.getPrincipal() instanceof AccountPrincipal principal)
                || !principal.staff()
                || !settings.text(Setting.STAFF_SECOND_FACTOR).equals("on")) {
            return Optional.empty();
        }
        boolean shown = token ? any(principal) : Proofs.strong(authentication);
        return shown ? Optional.empty() : Optional.of(principal);
    }

    /** Whether an account has something to show beside its password. */
    boolean any(AccountPrincipal principal) {
        return passkeys.any(principal.accountId()) || apps.asked(principal.accountId());
    }

    /** What they are told. */
    String page(AccountPrincipal principal) {
        return any(principal) ? StaffFactorFilter.SHOW : StaffFactorFilter.SET_UP;
    }

    /** The same, after something that they did was saved. */
    String page(AccountPrincipal principal, boolean saved) {
        return saved ? page(principal).replace("?", "?saved&") : page(principal);
    }

    /** What scripts of ours hear. */
    void refuse(HttpServletResponse response) throws IOException {
        ApiProblems.write(
                response,
                json,
                HttpStatus.FORBIDDEN,
                "Log in with what you have beside your password, then repeat this.");
    }

    /** What somebody may as another principal, with what the session knows of its person. */
    static Collection<GrantedAuthority> without(Authentication held, AccountPrincipal person) {
        Stream<GrantedAuthority> proofs = held.getAuthorities().stream()
                .filter(FactorGrantedAuthority.class::isInstance)
                .map(GrantedAuthority.class::cast);
        return Stream.concat(person.getAuthorities().stream(), proofs).toList();
    }
}
