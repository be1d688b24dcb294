// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SecuritySection;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Places;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Somebody's passkeys. */
@Component
@Order(20)
class PasskeySection implements SecuritySection {
    private final Passkeys passkeys;
    private final Places places;

    PasskeySection(Passkeys passkeys, Places places) {
        this.passkeys = passkeys;
        this.places = places;
    }

    @Override
    public String template() {
        return "settings/security-passkeys";
    }

    @Override
    public void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {
        Optional<Passkeys.Place> place = places.of(request);
        model.addAttribute("passkeysHere", place.isPresent());
        model.addAttribute("mostPasskeyLetters", Passkeys.MOST_LETTERS);
        model.addAttribute("passkeys", passkeys.of(principal.accountId(), place.orElse(new Passkeys.Place("", ""))));
    }
}
