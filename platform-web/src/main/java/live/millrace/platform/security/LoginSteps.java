// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import live.millrace.platform.shared.web.LocalRedirect;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AbstractAuthenticationProcessingFilter;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.stereotype.Component;

/** The ways in beside the password, within the site's chain: they end in the same session, with the same answers. */
@Component
class LoginSteps {
    private final PreferredLook preferred;
    private final LoginFailures failures;
    private final StaffFactor staff;
    private final PasskeyLoginFilter passkey;
    private final CodeLoginFilter code;
    private final OpenIdLoginFilter service;

    LoginSteps(PreferredLook preferred, LoginFailures failures, StaffFactor staff, LoginFilters filters) {
        this.preferred = preferred;
        this.failures = failures;
        this.staff = staff;
        this.passkey = filters.passkey();
        this.code = filters.code();
        this.service = filters.service();
    }

    /** On to where they were going; staff who have to set something up first go there. */
    void success(HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        Optional<String> lacking = staff.lacking(authentication, false).map(staff::page);
        preferred.onAuthenticationSuccess(
                lacking.map(page -> bound(page, request)).orElse(request), response, authentication);
    }

    /** A request as if it had said where to go on. */
    static HttpServletRequest bound(String next, HttpServletRequest request) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public @Nullable String getParameter(String name) {
                return name.equals(LocalRedirect.PARAMETER) ? next : super.getParameter(name);
            }
        };
    }

    AbstractHttpConfigurer<?, HttpSecurity> configurer() {
        return new Configurer();
    }

    private final class Configurer extends AbstractHttpConfigurer<Configurer, HttpSecurity> {
        @Override
        public void configure(HttpSecurity http) {
            SessionAuthenticationStrategy sessions = http.getSharedObject(SessionAuthenticationStrategy.class);
            ApplicationContext events = http.getSharedObject(ApplicationContext.class);
            // Who is told of log-ins is told of these as well.
            passkey.setApplicationEventPublisher(events);
            code.setApplicationEventPublisher(events);
            service.setApplicationEventPublisher(events);
            add(http, passkey, failures, sessions);
            add(http, code, failures::code, sessions);
            add(http, service, failures, sessions);
            http.addFilterBefore(new StaffFactorFilter(staff), AuthorizationFilter.class);
        }

        private void add(
                HttpSecurity http,
                AbstractAuthenticationProcessingFilter filter,
                AuthenticationFailureHandler failed,
                SessionAuthenticationStrategy sessions) {
            filter.setAuthenticationManager(_ -> {
                throw new IllegalStateException("these filters prove by themselves");
            });
            filter.setSessionAuthenticationStrategy(sessions);
            filter.setSecurityContextRepository(new HttpSessionSecurityContextRepository());
            filter.setAuthenticationSuccessHandler(LoginSteps.this::success);
            filter.setAuthenticationFailureHandler(failed);
            http.addFilterBefore(filter, UsernamePasswordAuthenticationFilter.class);
        }
    }
}
