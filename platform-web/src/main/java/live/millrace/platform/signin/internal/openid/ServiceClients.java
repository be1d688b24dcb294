// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import live.millrace.platform.shared.FetchedCache;
import live.millrace.platform.signin.OpenIdException;
import live.millrace.platform.signin.OpenIdException.Why;
import live.millrace.platform.signin.OpenIdProviders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestTemplate;

/**
 * What is known of the services, asked for when somebody wants to log in with one, and not before: one that is dead slows nothing but the
 * log-in with it. Whoever changes a service in the console begins anew, for the moment of the change is part of the key.
 */
@Component
class ServiceClients {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceClients.class);

    private static final Duration KNOWN = Duration.ofHours(1);

    /** So long a service that does not answer is not asked again. */
    private static final Duration DEAD = Duration.ofSeconds(10);

    private final Discovery discovery;
    private final OutwardCalls calls;
    private final FetchedCache<Key, Known> known = new FetchedCache<>(Caffeine.newBuilder()
            .maximumSize(4L * OpenIdProviders.MOST)
            .expireAfter(Expiry.<Key, Known>creating((_, found) -> found instanceof Usable ? KNOWN : DEAD)));

    ServiceClients(Discovery discovery, OutwardCalls calls) {
        this.discovery = discovery;
        this.calls = calls;
    }

    private record Key(int id, Instant changedAt) {}

    private sealed interface Known {}

    private record Usable(ServiceClient client) implements Known {}

    private record Dead(String problem) implements Known {}

    /** @throws OpenIdException when it does not answer as it should */
    ServiceClient of(ProviderRows.Row row) {
        return switch (known.get(new Key(row.id(), row.changedAt()), _ -> fetch(row))) {
            case Usable(ServiceClient client) -> client;
            case Dead(String problem) -> throw new OpenIdException(Why.AWAY, problem);
        };
    }

    private Known fetch(ProviderRows.Row row) {
        return switch (discovery.ask(row.issuer())) {
            case Discovery.Found found -> new Usable(client(row, found));
            case Discovery.Unusable unusable -> {
                LOG.warn(
                        "The log-in service {} cannot be used: {} ({})",
                        row.name(),
                        unusable.problem().messageKey(),
                        unusable.problem().detail());
                yield new Dead(unusable.problem().messageKey());
            }
        };
    }

    private ServiceClient client(ProviderRows.Row row, Discovery.Found found) {
        ClientRegistration.Builder builder = found.registration()
                .registrationId(Integer.toString(row.id()))
                .clientId(row.clientId())
                .clientSecret(row.secret())
                .redirectUri("?")
                .scope(scopes(found));
        if (row.secret().isEmpty()) {
            builder.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        }
        ClientRegistration registration = builder.build();
        RestTemplate outward = calls.of(URI.create(row.issuer()));
        NimbusJwtDecoder tokens = NimbusJwtDecoder.withJwkSetUri(
                        Objects.requireNonNull(registration.getProviderDetails().getJwkSetUri()))
                .restOperations(outward)
                .jwsAlgorithms(taken -> taken.addAll(found.algorithms()))
                .build();
        tokens.setJwtValidator(
                JwtValidators.createDefaultWithValidators(List.of(new OidcIdTokenValidator(registration))));
        tokens.setClaimSetConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverter());
        return new ServiceClient(registration, tokens, outward);
    }

    private static Set<String> scopes(Discovery.Found found) {
        Object supported = found.registration()
                .build()
                .getProviderDetails()
                .getConfigurationMetadata()
                .get("scopes_supported");
        Set<String> asked = new LinkedHashSet<>(Set.of("openid"));
        for (String wanted : new String[] {"profile", "email"}) {
            if (!(supported instanceof Iterable<?> offered) || contains(offered, wanted)) {
                asked.add(wanted);
            }
        }
        return asked;
    }

    private static boolean contains(Iterable<?> offered, String wanted) {
        for (Object scope : offered) {
            if (wanted.equals(String.valueOf(scope))) {
                return true;
            }
        }
        return false;
    }
}
