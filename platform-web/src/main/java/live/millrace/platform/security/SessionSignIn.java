// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.account.SignIn;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/** Signs in whoever just registered, in a session with a fresh id. */
@Component
class SessionSignIn implements SignIn {
    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();
    private final KnownAddresses addresses;
    private final KnownDevices devices;

    SessionSignIn(KnownAddresses addresses, KnownDevices devices) {
        this.addresses = addresses;
        this.devices = devices;
    }

    @Override
    public void signIn(AccountPrincipal principal, HttpServletRequest request, HttpServletResponse response) {
        principal.eraseCredentials();
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                UsernamePasswordAuthenticationToken.authenticated(principal, null, principal.getAuthorities()));
        SecurityContextHolder.setContext(context);
        if (request.getSession(false) == null) {
            request.getSession(true);
        } else {
            request.changeSessionId();
        }
        contexts.saveContext(context, request, response);
        addresses.seen(principal.accountId(), request.getRemoteAddr());
        devices.signedIn(principal, request, response);
    }
}
