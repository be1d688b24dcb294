// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.ConfirmationWay;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Places;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** A passkey, for whoever has one: quicker than a password, so it comes first. Where it cannot be used, the page says so. */
@Component
@Order(10)
class PasskeyConfirmation implements ConfirmationWay {
    private final Passkeys passkeys;
    private final Places places;

    PasskeyConfirmation(Passkeys passkeys, Places places) {
        this.passkeys = passkeys;
        this.places = places;
    }

    @Override
    public String template() {
        return "security/confirm-passkey";
    }

    @Override
    public boolean first() {
        return true;
    }

    @Override
    public boolean offered(AccountPrincipal principal) {
        return passkeys.any(principal.accountId());
    }

    @Override
    public void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {
        Optional<Passkeys.Place> place = places.of(request);
        model.addAttribute("passkeysGiven", place.isPresent());
        model.addAttribute(
                "passkeyHere",
                place.isPresent()
                        && passkeys.of(principal.accountId(), place.get()).stream()
                                .anyMatch(one -> !one.elsewhere()));
    }
}
