// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.account.SignIn;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
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
    public void signIn(
            AccountPrincipal principal, String proof, HttpServletRequest request, HttpServletResponse response) {
        principal.eraseCredentials();
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        // They showed who they are a moment ago, and are not asked for it in the hour in which they settle in.
        List<GrantedAuthority> authorities = new ArrayList<>(principal.getAuthorities());
        authorities.add(FactorGrantedAuthority.fromAuthority(proof));
        authorities.add(FactorGrantedAuthority.fromAuthority(Confirmations.SIGN_UP));
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(principal, null, authorities));
        SecurityContextHolder.setContext(context);
        if (request.getSession(false) == null) {
            request.getSession(true);
        } else {
            request.changeSessionId();
        }
        contexts.saveContext(context, request, response);
        SessionDevice.note(request);
        addresses.seen(principal.accountId(), request.getRemoteAddr());
        devices.signedIn(principal, request, response);
    }
}
