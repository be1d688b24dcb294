// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import live.millrace.platform.shared.OutwardPlaces;
import live.millrace.platform.signin.OpenIdProviders.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a service says of itself (OpenID Connect Discovery 1.0 §4), and what is wrong with it, in words. */
@Component
class Discovery {
    static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private static final String ISSUER = "issuer";
    private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};
    private static final int MOST_DETAIL = 200;

    private final OutwardCalls calls;
    private final JsonMapper json;

    Discovery(OutwardCalls calls, JsonMapper json) {
        this.calls = calls;
        this.json = json;
    }

    /** What is known of a service. */
    sealed interface Outcome {}

    /**
     * It can be used.
     *
     * @param issuer as it writes itself
     * @param registration all but who we are there
     * @param algorithms by which it signs, of those that anybody can check
     */
    record Found(String issuer, ClientRegistration.Builder registration, Set<SignatureAlgorithm> algorithms)
            implements Outcome {}

    /** It cannot. */
    record Unusable(Problem problem) implements Outcome {}

    private static Unusable unusable(String messageKey, String detail) {
        return new Unusable(new Problem(
                messageKey,
                ISSUER,
                detail.replaceAll("\\p{Cntrl}", " ").substring(0, Math.min(detail.length(), MOST_DETAIL))));
    }

    /** Asks it. Takes seconds at most. */
    Outcome ask(String issuer) {
        URI entered;
        try {
            entered = URI.create(issuer);
        } catch (IllegalArgumentException malformed) {
            return unusable("openid.problem.address", issuer);
        }
        if (!OutwardPlaces.wellFormed(entered) || entered.getRawQuery() != null) {
            return unusable("openid.problem.address", issuer);
        }
        URI at = URI.create(issuer.replaceFirst("/+$", "") + WELL_KNOWN);
        byte[] body;
        try {
            ResponseEntity<byte[]> answer = calls.of(entered)
                    .exchange(
                            RequestEntity.get(at)
                                    .accept(MediaType.APPLICATION_JSON)
                                    .build(),
                            byte[].class);
            if (answer.getStatusCode().value() != 200 || answer.getBody() == null) {
                return unusable(
                        "openid.problem.status",
                        at + ": " + answer.getStatusCode().value());
            }
            body = answer.getBody();
        } catch (RestClientResponseException refused) {
            return unusable(
                    "openid.problem.status", at + ": " + refused.getStatusCode().value());
        } catch (ResourceAccessException failed) {
            return unusable(reached(failed.getCause()), at.getHost());
        } catch (RestClientException failed) {
            return unusable("openid.problem.document", at.toString());
        }
        try {
            return read(entered, issuer, json.readValue(body, DOCUMENT));
        } catch (JacksonException malformed) {
            return unusable("openid.problem.document", at.toString());
        }
    }

    private static String reached(@Nullable Throwable cause) {
        return switch (cause) {
            case HttpTimeoutException _ -> "openid.problem.slow";
            case SSLException _ -> "openid.problem.certificate";
            case null, default -> "openid.problem.unreachable";
        };
    }

    /** Reads what was answered, which is anybody's. */
    static Outcome read(URI entered, String issuer, @Nullable Map<String, Object> document) {
        String says = document == null ? "" : String.valueOf(document.get(ISSUER));
        // An end that is easily lost on the way from a page into a field.
        if (!says.replaceFirst("/$", "").equals(issuer.replaceFirst("/$", ""))) {
            return unusable(
                    document == null || document.get(ISSUER) == null
                            ? "openid.problem.document"
                            : "openid.problem.issuer",
                    says);
        }
        ClientRegistration.Builder registration;
        ClientRegistration details;
        try {
            registration = ClientRegistrations.fromOidcConfiguration(Objects.requireNonNull(document));
            // As a whole it is checked only when it is built.
            details = registration.clientId("?").redirectUri("?").build();
        } catch (RuntimeException lacking) {
            // What a library makes of a stranger's document is not told by its type.
            return unusable("openid.problem.document", issuer);
        }
        ClientRegistration.ProviderDetails provider = details.getProviderDetails();
        for (String endpoint : new String[] {
            provider.getAuthorizationUri(),
            provider.getTokenUri(),
            provider.getJwkSetUri(),
            provider.getUserInfoEndpoint().getUri()
        }) {
            if (endpoint != null && !endpoint.isEmpty() && !callable(endpoint, entered)) {
                return unusable("openid.problem.endpoint", endpoint);
            }
        }
        if (provider.getJwkSetUri() == null || provider.getJwkSetUri().isEmpty()) {
            return unusable("openid.problem.document", issuer);
        }
        Set<SignatureAlgorithm> algorithms = algorithms(document.get("id_token_signing_alg_values_supported"));
        return algorithms.isEmpty()
                ? unusable("openid.problem.algorithm", issuer)
                : new Found(says, registration, algorithms);
    }

    private static boolean callable(String endpoint, URI entered) {
        try {
            URI address = URI.create(endpoint);
            // Plain HTTP is for a service on this machine, of this machine.
            return OutwardPlaces.wellFormed(address)
                    && ("https".equalsIgnoreCase(address.getScheme()) || "http".equalsIgnoreCase(entered.getScheme()))
                    && places(address, entered);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** Said now in words; checked again with each call, for names change. */
    private static boolean places(URI address, URI entered) {
        try {
            OutwardPlaces.check(address, entered);
            return true;
        } catch (OutwardPlaces.ForbiddenException forbidden) {
            return false;
        } catch (IOException unknown) {
            // Where people are sent may be known to their browsers alone; a call would fail by itself.
            return true;
        }
    }

    private static Set<SignatureAlgorithm> algorithms(@Nullable Object supported) {
        if (!(supported instanceof Collection<?> names)) {
            return Set.of(SignatureAlgorithm.RS256);
        }
        return names.stream()
                .map(name -> SignatureAlgorithm.from(String.valueOf(name)))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
