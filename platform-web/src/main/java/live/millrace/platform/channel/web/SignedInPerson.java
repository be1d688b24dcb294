// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.People;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Whoever is signed in, as every page's header shows them: {@code own}, absent for strangers. */
@ControllerAdvice
class SignedInPerson {
    private final People people;

    SignedInPerson(People people) {
        this.people = people;
    }

    @ModelAttribute("own")
    People.@Nullable Person own(@AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        // Gone when the account was deleted and its session is about to be.
        return principal == null ? null : people.find(principal.accountId()).orElse(null);
    }
}
