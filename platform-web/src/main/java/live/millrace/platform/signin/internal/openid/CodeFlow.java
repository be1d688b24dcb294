// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.signin.OpenIdArrival;
import live.millrace.platform.signin.OpenIdException;
import live.millrace.platform.signin.OpenIdException.Why;
import live.millrace.platform.signin.OpenIdFlow;
import live.millrace.platform.signin.OpenIdTrip;
import live.millrace.platform.signin.internal.openid.TripCookie.Kept;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Service;

/** The authorization code flow, by Spring Security's parts. */
@Service
class CodeFlow implements OpenIdFlow {
    private static final Logger LOG = LoggerFactory.getLogger(CodeFlow.class);

    /** So many may wait for services at a time: a slow one shall not keep all threads of the site. */
    private static final int MOST_AT_ONCE = 24;

    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final ProviderRows rows;
    private final ServiceClients clients;
    private final TripCookie cookie;
    private final CodeExchange exchange;
    private final SiteAddress site;
    private final Clock clock;

    CodeFlow(
            ProviderRows rows,
            ServiceClients clients,
            TripCookie cookie,
            CodeExchange exchange,
            SiteAddress site,
            Clock clock) {
        this.rows = rows;
        this.clients = clients;
        this.cookie = cookie;
        this.exchange = exchange;
        this.site = site;
        this.clock = clock;
    }

    @Override
    public String redirectAddress(int provider, HttpServletRequest request) {
        return site.originFor(request) + "/login/with/" + provider + "/return";
    }

    private <T> T inPlace(Supplier<T> work) {
        if (!places.tryAcquire()) {
            throw new OpenIdException(Why.BUSY, "too many at once");
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    // ---- there ------------------------------------------------------------------------------------------------

    @Override
    public URI begin(int provider, OpenIdTrip trip, HttpServletRequest request, HttpServletResponse response) {
        ProviderRows.Row row = rows.offered(provider);
        ServiceClient client = inPlace(() -> clients.of(row));
        ClientRegistration registration = ClientRegistration.withClientRegistration(client.registration())
                .redirectUri(redirectAddress(provider, request))
                .build();
        DefaultOAuth2AuthorizationRequestResolver resolver =
                new DefaultOAuth2AuthorizationRequestResolver(_ -> registration);
        if (trip.purpose() == OpenIdTrip.Purpose.CONFIRM) {
            // Whoever finds a browser open, also at the service, has to show who they are.
            resolver.setAuthorizationRequestCustomizer(asked ->
                    asked.additionalParameters(more -> more.putAll(Map.of("prompt", "login", "max_age", "0"))));
        }
        OAuth2AuthorizationRequest asked =
                Objects.requireNonNull(resolver.resolve(request, registration.getRegistrationId()));
        cookie.write(
                new Kept(
                        provider,
                        Objects.requireNonNull(asked.getState()),
                        attribute(asked, OidcParameterNames.NONCE),
                        attribute(asked, PkceParameterNames.CODE_VERIFIER),
                        Objects.requireNonNull(asked.getRedirectUri()),
                        trip,
                        clock.instant()),
                request,
                response);
        return URI.create(asked.getAuthorizationRequestUri());
    }

    private static String attribute(OAuth2AuthorizationRequest asked, String name) {
        return Objects.requireNonNull(asked.<String>getAttribute(name));
    }

    // ---- and back ---------------------------------------------------------------------------------------------

    @Override
    public Optional<OpenIdTrip> trip(HttpServletRequest request) {
        return cookie.read(request).map(Kept::trip);
    }

    @Override
    public OpenIdArrival arrive(int provider, HttpServletRequest request, HttpServletResponse response) {
        Kept kept = cookie.read(request)
                .filter(held -> held.provider() == provider)
                .filter(held -> same(held.state(), request.getParameter(OAuth2ParameterNames.STATE)))
                .orElseThrow(() -> new OpenIdException(Why.STALE, "no way there before"));
        // Once, whatever comes of it.
        cookie.clear(request, response);
        ProviderRows.Row row = rows.offered(provider);
        String issuer = request.getParameter("iss");
        if (issuer != null && !issuer.equals(row.issuer())) {
            // RFC 9207: another service answers in its place.
            throw new OpenIdException(Why.WRONG, "iss");
        }
        String error = request.getParameter(OAuth2ParameterNames.ERROR);
        String code = request.getParameter(OAuth2ParameterNames.CODE);
        if (error != null || code == null) {
            LOG.info("{} answered: {}", row.name(), CodeExchange.plain(error));
            throw new OpenIdException(
                    "temporarily_unavailable".equals(error) || "server_error".equals(error) ? Why.AWAY : Why.DENIED,
                    "refused there");
        }
        return inPlace(() -> {
            ServiceClient client = clients.of(row);
            ClientRegistration registration = ClientRegistration.withClientRegistration(client.registration())
                    .redirectUri(kept.redirectAddress())
                    .build();
            OAuth2AuthorizationRequest asked = OAuth2AuthorizationRequest.authorizationCode()
                    .authorizationUri(Objects.requireNonNull(
                            registration.getProviderDetails().getAuthorizationUri()))
                    .clientId(registration.getClientId())
                    .redirectUri(kept.redirectAddress())
                    .scopes(registration.getScopes())
                    .state(kept.state())
                    .attributes(held -> held.putAll(Map.of(
                            OAuth2ParameterNames.REGISTRATION_ID,
                            registration.getRegistrationId(),
                            OidcParameterNames.NONCE,
                            kept.nonce(),
                            PkceParameterNames.CODE_VERIFIER,
                            kept.verifier())))
                    .build();
            return exchange.take(row, client, registration, asked, code, kept);
        });
    }

    private static boolean same(String state, @Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        state.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
