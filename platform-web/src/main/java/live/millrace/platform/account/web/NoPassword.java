// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.account.Vouched;
import org.springframework.stereotype.Component;

/** Where a form asks for the password, whoever has none shows in another way that it is they, before it. */
@Component
class NoPassword {
    private final Vouched vouched;
    private final Reauthentication session;

    NoPassword(Vouched vouched, Reauthentication session) {
        this.vouched = vouched;
        this.session = session;
    }

    boolean of(AccountPrincipal principal) {
        return vouched.withoutPassword(principal.accountId());
    }

    /**
     * Where to show it first, for somebody without a password who did not a moment ago.
     *
     * @param page where they come back to
     */
    Optional<String> asks(AccountPrincipal principal, String page) {
        return of(principal) && !session.recent()
                ? Optional.of("redirect:/confirm?continue=" + page)
                : Optional.empty();
    }
}
