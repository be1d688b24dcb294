// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TokenScope;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets programs act as an account by {@code Authorization: Bearer}, in the API and nowhere else, as far as the token's scopes go. No session
 * is made.
 */
@Component
class ApiTokenFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";

    /** What programs read in a refusal. */
    private static final String SCOPE = "scope";

    private static final String SITE_ONLY = "site-only";

    private final SocketTokens tokens;
    private final JsonMapper json;

    ApiTokenFilter(SocketTokens tokens, JsonMapper json) {
        this.tokens = tokens;
        this.json = json;
    }

    static boolean carriesToken(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null
                && header.startsWith(BEARER)
                && request.getRequestURI().startsWith("/api/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!carriesToken(request)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<AccessTokens.Bearer> bearer = tokens.bearer(
                request,
                request.getHeader(HttpHeaders.AUTHORIZATION)
                        .substring(BEARER.length())
                        .strip());
        if (bearer.isEmpty()) {
            ApiProblems.write(response, json, HttpStatus.UNAUTHORIZED, "This token is not known, expired, or revoked.");
            return;
        }
        Optional<TokenScope> wanted = ApiScopes.of(request);
        if (wanted.isEmpty()) {
            ApiProblems.write(
                    response, json, HttpStatus.FORBIDDEN, SITE_ONLY, "No token can do this. Do it on the site.");
            return;
        }
        if (!bearer.get().scopes().contains(wanted.get())) {
            ApiProblems.write(
                    response,
                    json,
                    HttpStatus.FORBIDDEN,
                    SCOPE,
                    "This token lacks the scope \"" + wanted.get().word() + "\".");
            return;
        }
        AccountPrincipal principal = bearer.get().principal();
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        UsernamePasswordAuthenticationToken authentication =
                UsernamePasswordAuthenticationToken.authenticated(principal, null, principal.getAuthorities());
        // What goes on after the request, a socket, asks for its scopes again.
        authentication.setDetails(bearer.get());
        context.setAuthentication(authentication);
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    /** In the security chain alone, not a second time beside it. */
    @Component
    static class Registration {
        @Bean
        static FilterRegistrationBean<ApiTokenFilter> apiTokenFilterOnce(ApiTokenFilter filter) {
            FilterRegistrationBean<ApiTokenFilter> registration = new FilterRegistrationBean<>(filter);
            registration.setEnabled(false);
            return registration;
        }

        @Bean
        static FilterRegistrationBean<ApiRateLimit> apiRateLimitOnce(ApiRateLimit filter) {
            FilterRegistrationBean<ApiRateLimit> registration = new FilterRegistrationBean<>(filter);
            registration.setEnabled(false);
            return registration;
        }
    }
}
