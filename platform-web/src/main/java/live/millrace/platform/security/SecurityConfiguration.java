// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import live.millrace.platform.account.KnownStrangers;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.shared.web.LocalRedirect;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who gets where. Pages are public but for the studio and settings, which want an account, and the console, which does not exist for
 * anybody but admins. An anonymous page view makes no session; only a page with a form sets the CSRF cookie.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    /** How the site is run, beside moderating it. */
    private static final String[] ADMINS_ONLY = {
        "/admin/settings",
        "/admin/settings/**",
        "/admin/announcements",
        "/admin/announcements/**",
        "/admin/audit",
        "/admin/audit/**",
        "/admin/joining",
        "/admin/joining/**",
        "/admin/invites",
        "/admin/invites/**",
        "/admin/categories",
        "/admin/categories/**",
        "/admin/import",
        "/admin/import/**",
        "/admin/deliveries",
        "/admin/deliveries/**",
        "/admin/backups",
        "/admin/backups/*/prove",
        "/admin/health",
        "/admin/health/check",
        "/admin/setup",
        "/admin/setup/**",
        "/admin/updates/dismiss",
        "/admin/https",
        "/admin/https/**",
        "/admin/login-services",
        "/admin/login-services/**",
        "/admin/storage",
        "/admin/storage/clear",
        "/admin/storage/sweep",
        "/admin/users/*/addresses",
        "/admin/users/*/proofs",
        "/admin/users/*/channels",
        "/admin/users/*/cameras",
        "/admin/users/*/sign-out"
    };

    /** What an account does with its own channels; what everybody may know of any is beside it. */
    private static final String[] OWNED_CHANNELS = {
        "/api/v1/channel",
        "/api/v1/channel/**",
        "/api/v1/channels",
        "/api/v1/channels/*/keys",
        "/api/v1/channels/*/keys/*",
        "/api/v1/channels/*/browser-key",
        "/api/v1/channels/*/browser-key/*",
        "/api/v1/channels/*/end",
        "/api/v1/channels/*/markers",
        "/api/v1/channels/*/source",
        "/api/v1/channels/*/uploads",
        "/api/v1/channels/*/uploads/*",
        "/api/v1/channels/*/invites",
        "/api/v1/channels/*/invites/*",
        "/api/v1/channels/*/guests",
        "/api/v1/channels/*/guests/*"
    };

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** A zero byte is in no text that a person typed, and no database takes it: such a request is malformed. */
    @Bean
    StrictHttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        // A field that is missing is asked for as well.
        firewall.setAllowedParameterValues(value -> value == null || WellFormed.text(value));
        firewall.setAllowedParameterNames(WellFormed::text);
        // Bytes of UTF-8, read one by one, look like control characters; those that are some do not come through the
        // server.
        firewall.setAllowedHeaderValues(value -> value.indexOf(0) < 0);
        return firewall;
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler(JsonMapper json) {
        return WellFormedRequests.handler(json);
    }

    @Bean
    SecurityFilterChain site(
            HttpSecurity http,
            ContentSecurityPolicy contentSecurityPolicy,
            LoginSteps steps,
            LoginFailures failures,
            SecondStep secondStep,
            ApiTokenFilter apiTokens,
            ApiRateLimit apiLimit,
            Confirmations confirmations,
            SignedCsrfTokens csrf,
            SiteAddress address,
            KnownStrangers strangers,
            JsonMapper json) {
        PathPatternRequestMatcher.Builder path = PathPatternRequestMatcher.withDefaults();
        AuthorizationManager<RequestAuthorizationContext> known = AuthorizationManagers.anyOf(
                AuthenticatedAuthorizationManager.authenticated(),
                (_, asked) -> new AuthorizationDecision(strangers.sent(asked.getRequest())));
        StaleForms stale = new StaleForms(address::origin, denied(path, json), json);
        // ThrottledAuthenticationProvider is found by itself. Named here as well it would be asked twice, and count
        // twice.
        return http.addFilterBefore(apiTokens, CsrfFilter.class)
                // Before anything looks for a field.
                .addFilterBefore(new WellFormedRequests(), ApiTokenFilter.class)
                .addFilterBefore(new BodyLimit(), WellFormedRequests.class)
                .addFilterBefore(new OriginFilter(address::origin, json), CsrfFilter.class)
                .addFilterAfter(apiLimit, SecurityContextHolderFilter.class)
                // After the rights, and before anything that is done instead of a controller.
                .addFilterAfter(new ConfirmationFilter(confirmations, json), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to("health"))
                        .permitAll()
                        .requestMatchers(EndpointRequest.toAnyEndpoint())
                        .hasRole("ADMIN")
                        .requestMatchers(ADMINS_ONLY)
                        .hasRole("ADMIN")
                        .requestMatchers("/admin/users/*/role", "/admin/backups/*/file", "/admin/backups/*/delete")
                        .hasRole("OWNER")
                        .requestMatchers("/admin/sign-out")
                        .hasRole("OWNER")
                        .requestMatchers("/admin", "/admin/**")
                        .hasRole("MODERATOR")
                        .requestMatchers("/decisions", "/decisions/**")
                        .authenticated()
                        .requestMatchers("/api/v1/channels/*/moderation/**")
                        .authenticated()
                        .requestMatchers("/reports", "/reports/**", "/api/v1/reports")
                        .access(known)
                        .requestMatchers("/studio", "/studio/**", "/settings", "/settings/**")
                        .authenticated()
                        .requestMatchers("/follow/*", "/notifications", "/notifications/*", "/confirm", "/confirm/**")
                        .authenticated()
                        .requestMatchers("/api/v1/channels/*/follow", "/api/v1/notices", "/api/v1/notices/*")
                        .authenticated()
                        .requestMatchers("/videos/*/position")
                        .authenticated()
                        .requestMatchers("/videos/*/comments", "/videos/*/comments/**")
                        .access(known)
                        .requestMatchers("/api/v1/clips/window", "/clips/*/delete", "/clips/*/visibility")
                        .authenticated()
                        .requestMatchers(HttpMethod.POST, "/clips/*", "/api/v1/*/*/clips")
                        .authenticated()
                        .requestMatchers(HttpMethod.DELETE, "/api/v1/clips/*")
                        .authenticated()
                        .requestMatchers(HttpMethod.PATCH, "/api/v1/clips/*")
                        .authenticated()
                        .requestMatchers(OWNED_CHANNELS)
                        .authenticated()
                        .requestMatchers(HttpMethod.PATCH, "/api/v1/channels/*")
                        .authenticated()
                        .requestMatchers(HttpMethod.PUT, "/api/v1/channels/*")
                        .authenticated()
                        .requestMatchers(HttpMethod.DELETE, "/api/v1/channels/*")
                        .authenticated()
                        .requestMatchers(HttpMethod.PATCH, "/api/v1/videos/*")
                        .authenticated()
                        .requestMatchers(HttpMethod.DELETE, "/api/v1/videos/*")
                        .authenticated()
                        .requestMatchers(HttpMethod.DELETE, "/api/v1/videos/*/comments/*")
                        .access(known)
                        .requestMatchers(HttpMethod.POST, "/api/v1/videos/*/comments")
                        .access(known)
                        .anyRequest()
                        .permitAll())
                .formLogin(login -> login.loginPage("/login")
                        .usernameParameter("username")
                        .passwordParameter("password")
                        .successHandler(steps::success)
                        .failureHandler(failures))
                .with(steps.configurer(), Customizer.withDefaults())
                .sessionManagement(sessions -> sessions.addSessionAuthenticationStrategy(secondStep))
                .logout(logout -> logout.logoutRequestMatcher(path.matcher(HttpMethod.POST, "/logout"))
                        .logoutSuccessUrl("/"))
                .exceptionHandling(handling -> handling
                        // The console does not exist for others: no log-in page, no "forbidden".
                        .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint404(), path.matcher("/admin/**"))
                        .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint404(), path.matcher("/actuator/**"))
                        .defaultAuthenticationEntryPointFor(
                                (_, response, _) -> ApiProblems.write(
                                        response, json, HttpStatus.UNAUTHORIZED, "Log in, or send a token."),
                                path.matcher("/api/**"))
                        .defaultAuthenticationEntryPointFor(
                                (request, response, _) -> response.sendRedirect("/login?continue="
                                        // What was posted is gone; the address alone answers nothing.
                                        + URLEncoder.encode(
                                                request.getMethod().equals("GET")
                                                        ? LocalRedirect.asked(
                                                                request.getRequestURI(), request.getQueryString())
                                                        : "/",
                                                StandardCharsets.UTF_8)),
                                _ -> true)
                        .accessDeniedHandler(stale))
                .csrf(configurer -> configurer
                        .csrfTokenRepository(csrf)
                        // A token is sent by a program on purpose; no page of another site can make a browser send one.
                        .ignoringRequestMatchers(
                                ApiTokenFilter::carriesToken,
                                stale::harmless,
                                // Whoever is not signed in has no token, and it says no more than that a video is
                                // watched.
                                path.matcher(HttpMethod.POST, "/videos/*/view"),
                                path.matcher(HttpMethod.POST, "/clips/*/view")))
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .headers(headers -> headers.frameOptions(HeadersConfigurer.FrameOptionsConfig::disable)
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                        .contentTypeOptions(Customizer.withDefaults())
                        // EveryAnswer says it, and knows when.
                        .httpStrictTransportSecurity(HeadersConfigurer.HstsConfig::disable)
                        .addHeaderWriter(contentSecurityPolicy)
                        .addHeaderWriter(new DevicesPolicy()))
                .build();
    }

    /** What somebody is told who may not do something. */
    private static AccessDeniedHandler denied(PathPatternRequestMatcher.Builder path, JsonMapper json) {
        RequestMatcher hidden = new OrRequestMatcher(path.matcher("/admin/**"), path.matcher("/actuator/**"));
        RequestMatcher api = path.matcher("/api/**");
        return (request, response, _) -> {
            if (api.matches(request)) {
                ApiProblems.write(response, json, HttpStatus.FORBIDDEN, "This account may not do that.");
            } else {
                // To somebody without rights there is no console.
                response.sendError(
                        hidden.matches(request) ? HttpStatus.NOT_FOUND.value() : HttpStatus.FORBIDDEN.value());
            }
        };
    }

    /** To somebody without rights there is nothing here. */
    private static final class HttpStatusEntryPoint404
            implements org.springframework.security.web.AuthenticationEntryPoint {
        @Override
        public void commence(
                jakarta.servlet.http.HttpServletRequest request,
                jakarta.servlet.http.HttpServletResponse response,
                org.springframework.security.core.AuthenticationException failure)
                throws java.io.IOException {
            response.sendError(HttpStatus.NOT_FOUND.value());
        }
    }
}
