// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/**
 * Somebody else's service of log-ins: Spring's own authorisation server, with a web server and a context beside the site's. Whoever visits it
 * is {@link #person} and is never asked; what it says of them can be bent.
 */
final class OpenIdServer implements AutoCloseable {
    static final String CLIENT = "millrace";
    static final String SECRET = "canary-of-the-client-77";

    /** As the site is called in these tests. */
    static final String SITE = "http://site.example";

    private final Tomcat tomcat = new Tomcat();
    private final String issuer;

    /** Who is in front of the browser. */
    volatile String person = "anna";

    volatile Map<String, Object> claims = new LinkedHashMap<>();

    /** When they showed that it is they; null: it is not said. */
    volatile @Nullable Instant authenticatedAt = Instant.now();

    /** Changes the token before it is signed. */
    volatile Consumer<JwtClaimsSet.Builder> bend = _ -> {};

    /** The last address that a browser was sent to. */
    volatile String asked = "";

    final AtomicInteger keysFetched = new AtomicInteger();
    private volatile RSAKey key = newKey();

    OpenIdServer() {
        try {
            Path folder = Files.createTempDirectory("openid");
            tomcat.setBaseDir(folder.toString());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            Context context = tomcat.addContext("", folder.toString());
            // Before the port is known there is no issuer: the beans ask for it later.
            AnnotationConfigWebApplicationContext beans = new AnnotationConfigWebApplicationContext();
            beans.setServletContext(context.getServletContext());
            beans.addBeanFactoryPostProcessor(factory -> factory.registerSingleton("provider", this));
            beans.register(Setup.class);
            Wrapper servlet = Tomcat.addServlet(context, "all", new DispatcherServlet(beans));
            servlet.setLoadOnStartup(1);
            servlet.addMapping("/");
            FilterDef filter = new FilterDef();
            filter.setFilterName("springSecurityFilterChain");
            filter.setFilter(new DelegatingFilterProxy("springSecurityFilterChain", beans));
            context.addFilterDef(filter);
            FilterMap map = new FilterMap();
            map.setFilterName("springSecurityFilterChain");
            map.addURLPattern("/*");
            context.addFilterMap(map);
            // Cookies ignore ports.
            context.setSessionCookieName("PROVIDERSESSION");
            tomcat.start();
        } catch (IOException | LifecycleException e) {
            throw new IllegalStateException(e);
        }
        this.issuer = "http://127.0.0.1:" + tomcat.getConnector().getLocalPort();
    }

    String issuer() {
        return issuer;
    }

    static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs with another key from now on, and knows the one before no more. */
    void rotate() {
        key = newKey();
    }

    /** As somebody with a mail address. */
    void person(String subject, String email, boolean verified, String preferred) {
        person = subject;
        claims = new LinkedHashMap<>(
                Map.of("email", email, "email_verified", verified, "preferred_username", preferred));
        authenticatedAt = Instant.now();
        bend = _ -> {};
    }

    /** What a browser does that is sent here: it is sent back at once. */
    URI visit(String address) throws Exception {
        asked = address;
        try (HttpClient browser = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            HttpResponse<String> answer = browser.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
            return URI.create(answer.headers().firstValue("Location").orElseThrow());
        }
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The service's beans. No component: the site's own scan shall not find them. */
    @EnableWebSecurity
    @EnableWebMvc
    static class Setup {
        @Bean
        SecurityFilterChain chain(HttpSecurity http, OpenIdServer provider) {
            return http.oauth2AuthorizationServer(server -> server.oidc(
                            oidc -> oidc.providerConfigurationEndpoint(said -> said.providerConfigurationCustomizer(
                                    all -> all.scope("profile").scope("email")))))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .addFilterAfter(new Visitor(provider), SecurityContextHolderFilter.class)
                    .csrf(csrf -> csrf.disable())
                    .build();
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }

        @Bean
        RegisteredClientRepository clients() {
            RegisteredClient.Builder client = RegisteredClient.withId("1")
                    .clientId(CLIENT)
                    .clientSecret("{noop}" + SECRET)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .scopes(scopes -> scopes.addAll(List.of("openid", "profile", "email")))
                    .clientSettings(ClientSettings.builder()
                            .requireProofKey(true)
                            .requireAuthorizationConsent(false)
                            .build());
            for (int number = 1; number <= 9; number++) {
                client.redirectUri(SITE + "/login/with/" + number + "/return");
            }
            return new InMemoryRegisteredClientRepository(client.build());
        }

        @Bean
        JWKSource<SecurityContext> keys(OpenIdServer provider) {
            return (selector, _) -> selector.select(new JWKSet(provider.key));
        }

        @Bean
        JwtDecoder decoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> tokens(OpenIdServer provider) {
            return context -> {
                if (OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue())) {
                    provider.claims.forEach((name, value) -> context.getClaims().claim(name, value));
                    context.getClaims().claims(said -> said.remove("auth_time"));
                    Instant shown = provider.authenticatedAt;
                    if (shown != null) {
                        context.getClaims().claim("auth_time", shown.getEpochSecond());
                    }
                    provider.bend.accept(context.getClaims());
                }
            };
        }
    }

    /** Everybody is somebody. */
    private static final class Visitor extends OncePerRequestFilter {
        private final OpenIdServer provider;

        Visitor(OpenIdServer provider) {
            this.provider = provider;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (request.getRequestURI().endsWith("/jwks")) {
                provider.keysFetched.incrementAndGet();
            }
            if (request.getRequestURI().endsWith("/authorize")) {
                SecurityContextHolder.getContext()
                        .setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                                provider.person,
                                null,
                                List.of(FactorGrantedAuthority.fromAuthority(
                                        FactorGrantedAuthority.PASSWORD_AUTHORITY))));
            }
            chain.doFilter(request, response);
        }
    }
}
