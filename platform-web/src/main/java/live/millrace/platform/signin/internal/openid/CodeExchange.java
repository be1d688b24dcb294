// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import java.net.ConnectException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.signin.OpenIdArrival;
import live.millrace.platform.signin.OpenIdException;
import live.millrace.platform.signin.OpenIdException.Why;
import live.millrace.platform.signin.internal.openid.TripCookie.Kept;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** Changes a code for what a service says of a person, and checks it: signature, issuer, audience, times, nonce. */
@Component
class CodeExchange {
    private static final Logger LOG = LoggerFactory.getLogger(CodeExchange.class);

    private static final int MOST_SUBJECT = 255;
    private static final int MOST_EMAIL = 254;
    private static final int MOST_CALLED = 100;
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+\\.[^\\s@\\p{Cntrl}]+");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{1,60}");

    OpenIdArrival take(
            ProviderRows.Row row,
            ServiceClient client,
            ClientRegistration registration,
            OAuth2AuthorizationRequest asked,
            String code,
            Kept kept) {
        RestClientAuthorizationCodeTokenResponseClient codes = new RestClientAuthorizationCodeTokenResponseClient();
        codes.setRestClient(tokenCalls(client.calls()));
        OidcAuthorizationCodeAuthenticationProvider checks =
                new OidcAuthorizationCodeAuthenticationProvider(codes, request -> user(client, request));
        checks.setJwtDecoderFactory(_ -> client.tokens());
        OAuth2AuthorizationResponse answered = OAuth2AuthorizationResponse.success(code)
                .redirectUri(kept.redirectAddress())
                .state(kept.state())
                .build();
        OidcUser user;
        try {
            user = (OidcUser) Objects.requireNonNull(
                    Objects.requireNonNull(checks.authenticate(new OAuth2LoginAuthenticationToken(
                                    registration, new OAuth2AuthorizationExchange(asked, answered))))
                            .getPrincipal());
        } catch (OAuth2AuthenticationException refused) {
            String error = plain(refused.getError().getErrorCode());
            boolean away = away(refused);
            LOG.warn("A log-in with {} failed: {}{}", row.name(), error, away ? ", it does not answer" : "");
            throw new OpenIdException(away ? Why.AWAY : Why.WRONG, error);
        } catch (AuthenticationException | IllegalArgumentException refused) {
            LOG.warn(
                    "A log-in with {} failed: {}",
                    row.name(),
                    refused.getClass().getSimpleName());
            throw new OpenIdException(Why.WRONG, "refused");
        }
        return arrival(row, user, kept);
    }

    private static RestClient tokenCalls(RestTemplate calls) {
        // Without the converters that read any JSON into anything: they would be asked first.
        RestTemplate codes = new RestTemplate(
                List.of(new FormHttpMessageConverter(), new OAuth2AccessTokenResponseHttpMessageConverter()));
        codes.setRequestFactory(calls.getRequestFactory());
        return RestClient.builder(codes)
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    /** Its own page about the person is asked only where the token says too little; without it the person is still who they are. */
    private static OidcUser user(ServiceClient client, OidcUserRequest request) {
        OidcUser told = new DefaultOidcUser(List.of(), request.getIdToken());
        boolean enough = told.getEmail() != null && told.getPreferredUsername() != null;
        String page = request.getClientRegistration()
                .getProviderDetails()
                .getUserInfoEndpoint()
                .getUri();
        if (enough || page == null || page.isEmpty()) {
            return told;
        }
        DefaultOAuth2UserService pages = new DefaultOAuth2UserService();
        pages.setRestOperations(client.calls());
        OidcUserService users = new OidcUserService();
        users.setOauth2UserService(pages);
        users.setRetrieveUserInfo(_ -> true);
        try {
            return users.loadUser(request);
        } catch (AuthenticationException away) {
            return told;
        }
    }

    /** Whether a service was not reached, as against: it said something that is not true. */
    private static boolean away(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof java.net.http.HttpTimeoutException
                        || cause instanceof ConnectException
                        || cause instanceof java.nio.channels.UnresolvedAddressException);
    }

    private static OpenIdArrival arrival(ProviderRows.Row row, OidcUser user, Kept kept) {
        String subject = user.getIdToken().getSubject();
        if (subject == null || subject.isEmpty() || subject.length() > MOST_SUBJECT || !WellFormed.text(subject)) {
            throw new OpenIdException(Why.WRONG, "subject");
        }
        String email = text(user.getEmail(), MOST_EMAIL);
        boolean mail = EMAIL.matcher(email).matches();
        Instant shownAt = user.getIdToken().getAuthenticatedAt();
        return new OpenIdArrival(
                row.id(),
                row.name(),
                row.issuer(),
                subject,
                mail ? email : "",
                mail && Boolean.TRUE.equals(user.getEmailVerified()),
                Stream.of(user.getPreferredUsername(), user.getNickName(), user.getFullName())
                        .map(name -> text(name, MOST_CALLED))
                        .filter(name -> !name.isEmpty())
                        .findFirst()
                        .orElse(""),
                shownAt,
                kept.begunAt(),
                kept.trip());
    }

    /** A text that fits, or none: what a service says is anybody's. */
    private static String text(@Nullable String said, int most) {
        String stripped =
                said == null ? "" : said.replaceAll("\\p{Cntrl}+", " ").strip();
        return stripped.length() > most || !WellFormed.text(stripped) ? "" : stripped;
    }

    /** An error's name as it may stand in a log. */
    static String plain(@Nullable String error) {
        return error != null && PLAIN.matcher(error).matches() ? error.toLowerCase(Locale.ROOT) : "?";
    }
}
