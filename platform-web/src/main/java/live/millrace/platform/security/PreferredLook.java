// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.shared.web.LookCookies;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** After a log-in: the language and the theme that the account chose, in this browser too, and on to where somebody was going. */
@Component
class PreferredLook {
    private final Accounts accounts;
    private final KnownAddresses addresses;
    private final KnownDevices devices;

    PreferredLook(Accounts accounts, KnownAddresses addresses, KnownDevices devices) {
        this.accounts = accounts;
        this.addresses = addresses;
        this.devices = devices;
    }

    void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        if (authentication.getPrincipal() instanceof AccountPrincipal principal) {
            addresses.seen(principal.accountId(), request.getRemoteAddr());
            devices.signedIn(principal, request, response);
            accounts.preferences(principal.accountId()).ifPresent(preferences -> {
                if (preferences.language() != null) {
                    LookCookies.language(response, preferences.language());
                }
                if (preferences.theme() != null) {
                    LookCookies.theme(response, preferences.theme());
                }
            });
        }
        response.sendRedirect(LocalRedirect.orElse(request.getParameter(LocalRedirect.PARAMETER), "/"));
    }
}
