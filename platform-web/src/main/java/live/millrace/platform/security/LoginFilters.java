// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.time.Clock;
import live.millrace.platform.account.NetworkTries;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.signin.OpenIdFlow;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Places;
import org.springframework.stereotype.Component;

/** Makes the filters of the ways in. They are no beans: each of those would stand before every request by itself. */
@Component
class LoginFilters {
    private final PasskeyLoginFilter passkey;
    private final CodeLoginFilter code;
    private final OpenIdLoginFilter service;

    LoginFilters(
            SecondStep step,
            SignInBudget budget,
            Passkeys passkeys,
            Places places,
            OpenIdFlow flow,
            OpenIdLinks links,
            NetworkTries tries,
            Admission admission,
            Clock clock) {
        this.passkey = new PasskeyLoginFilter(passkeys, places, tries, admission, clock);
        this.code = new CodeLoginFilter(step, budget, admission, clock);
        this.service = new OpenIdLoginFilter(flow, links, tries, admission, clock);
    }

    PasskeyLoginFilter passkey() {
        return passkey;
    }

    CodeLoginFilter code() {
        return code;
    }

    OpenIdLoginFilter service() {
        return service;
    }
}
