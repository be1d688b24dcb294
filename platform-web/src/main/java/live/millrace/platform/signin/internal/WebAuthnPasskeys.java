// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticatorTransport;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.VerificationException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import live.millrace.platform.shared.SiteName;
import live.millrace.platform.signin.Passkeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Passkeys by webauthn4j, which knows the rules of WebAuthn 3; whoever shows one has to have unlocked it. */
@Service
class WebAuthnPasskeys implements Passkeys {
    private static final Logger LOG = LoggerFactory.getLogger(WebAuthnPasskeys.class);

    /** Ed25519, P-256 and RSA: what all authenticators can between them. */
    private static final List<COSEAlgorithmIdentifier> ALGORITHMS =
            List.of(COSEAlgorithmIdentifier.EdDSA, COSEAlgorithmIdentifier.ES256, COSEAlgorithmIdentifier.RS256);

    private static final int MILLIS = 300_000;
    private static final int MOST_JSON = 20_000;
    private static final int MOST_ID_BYTES = 1_023;
    private static final int MOST_TRANSPORTS = 8;
    private static final String SIGN_IN = "sign in";

    private final PasskeyRows rows;
    private final Challenges challenges;
    private final SiteName site;
    private final JsonMapper json;
    private final ObjectConverter converter = new ObjectConverter();
    private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
    private final AttestedCredentialDataConverter credentials = new AttestedCredentialDataConverter(converter);

    WebAuthnPasskeys(PasskeyRows rows, Challenges challenges, SiteName site, JsonMapper json) {
        this.rows = rows;
        this.challenges = challenges;
        this.site = site;
        this.json = json;
    }

    @Override
    public List<View> of(long accountId, Place place) {
        return rows.of(accountId).stream()
                .map(row -> new View(
                        row.id(),
                        row.name(),
                        !row.host().equals(place.host()),
                        row.backedUp(),
                        row.createdAt(),
                        row.lastUsedAt()))
                .toList();
    }

    @Override
    public boolean last(long accountId, long id) {
        return rows.last(accountId, id);
    }

    @Override
    public boolean any(long accountId) {
        return rows.any(accountId);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    // ---- making -----------------------------------------------------------------------------------------------

    private static String making(long accountId) {
        return "make " + accountId;
    }

    @Override
    public String creation(long accountId, String username, Place place) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("rp", Map.of("id", place.host(), "name", site.siteName()));
        options.put("user", Map.of("id", text(rows.handle(accountId)), "name", username, "displayName", username));
        options.put("challenge", text(challenges.make(making(accountId))));
        options.put(
                "pubKeyCredParams",
                ALGORITHMS.stream()
                        .map(algorithm -> Map.of("type", "public-key", "alg", algorithm.getValue()))
                        .toList());
        options.put("timeout", MILLIS);
        options.put("excludeCredentials", described(rows.of(accountId)));
        options.put(
                "authenticatorSelection",
                Map.of("residentKey", "required", "requireResidentKey", true, "userVerification", "required"));
        options.put("attestation", "none");
        return json.writeValueAsString(options);
    }

    @Override
    public Added add(long accountId, String name, String made, Place place) {
        if (rows.of(accountId).size() >= MOST) {
            return Added.TOO_MANY;
        }
        Optional<RegistrationData> verified = shaped(made, "clientDataJSON", "attestationObject")
                ? verifyMade(accountId, made, place)
                : Optional.empty();
        return verified.flatMap(data -> row(accountId, name, data, place))
                        .filter(rows::add)
                        .isPresent()
                ? Added.DONE
                : Added.REFUSED;
    }

    private Optional<RegistrationData> verifyMade(long accountId, String made, Place place) {
        try {
            RegistrationData parsed = manager.parseRegistrationResponseJSON(made);
            byte[] challenge = challenge(parsed.getCollectedClientData());
            if (!challenges.good(making(accountId), challenge)) {
                return Optional.empty();
            }
            List<PublicKeyCredentialParameters> allowed = ALGORITHMS.stream()
                    .map(algorithm -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm))
                    .toList();
            RegistrationData verified =
                    manager.verify(parsed, new RegistrationParameters(server(place, challenge), allowed, true, true));
            return challenges.use(challenge) ? Optional.of(verified) : Optional.empty();
        } catch (DataConversionException | VerificationException | JacksonException refused) {
            LOG.debug("A passkey was not made", refused);
            return Optional.empty();
        }
    }

    private Optional<PasskeyRows.Row> row(long accountId, String name, RegistrationData data, Place place) {
        if (data.getAttestationObject() == null) {
            return Optional.empty();
        }
        var authenticator = data.getAttestationObject().getAuthenticatorData();
        AttestedCredentialData credential = authenticator.getAttestedCredentialData();
        if (credential == null || credential.getCredentialId().length > MOST_ID_BYTES) {
            return Optional.empty();
        }
        Set<AuthenticatorTransport> transports = data.getTransports() == null ? Set.of() : data.getTransports();
        return Optional.of(new PasskeyRows.Row(
                0,
                accountId,
                credential.getCredentialId(),
                credentials.convert(credential),
                place.host(),
                name,
                authenticator.getSignCount(),
                authenticator.isFlagBS(),
                transports.stream()
                        .map(AuthenticatorTransport::getValue)
                        // What a browser says of itself is text from outside; those that are known are words.
                        .filter(transport -> transport.matches("[a-z-]{1,20}"))
                        .limit(MOST_TRANSPORTS)
                        .toList(),
                Instant.EPOCH,
                null));
    }

    /** Whether a text from outside is an answer at all: the library takes for granted what has to be there. */
    private boolean shaped(String answer, String... parts) {
        if (answer.length() > MOST_JSON) {
            return false;
        }
        try {
            JsonNode read = json.readTree(answer);
            return read.path("id").isString()
                    && read.path("rawId").isString()
                    && Arrays.stream(parts)
                            .allMatch(part -> read.path("response").path(part).isString());
        } catch (JacksonException malformed) {
            return false;
        }
    }

    /** Of an answer that is shaped as one. */
    private byte[] rawId(String answer) {
        try {
            return Base64.getUrlDecoder()
                    .decode(json.readTree(answer).path("rawId").stringValue());
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }

    private static byte[] challenge(@Nullable CollectedClientData client) {
        return client == null || client.getChallenge() == null
                ? new byte[0]
                : client.getChallenge().getValue();
    }

    private static ServerProperty server(Place place, byte[] challenge) {
        return ServerProperty.builder()
                .origin(new Origin(place.origin()))
                .rpId(place.host())
                .challenge(new DefaultChallenge(challenge))
                .build();
    }

    // ---- showing ----------------------------------------------------------------------------------------------

    private static String confirming(long accountId, String session) {
        return "confirm " + accountId + " " + session;
    }

    @Override
    public String request(Place place) {
        return asked(SIGN_IN, List.of(), place);
    }

    @Override
    public String confirmation(long accountId, String session, Place place) {
        List<PasskeyRows.Row> theirs = rows.of(accountId).stream()
                .filter(row -> row.host().equals(place.host()))
                .toList();
        return asked(confirming(accountId, session), described(theirs), place);
    }

    private static List<Map<String, Object>> described(List<PasskeyRows.Row> known) {
        return known.stream()
                .map(row -> Map.<String, Object>of(
                        "type", "public-key", "id", text(row.credentialId()), "transports", row.transports()))
                .toList();
    }

    private String asked(String purpose, List<Map<String, Object>> allowed, Place place) {
        return json.writeValueAsString(Map.of(
                "rpId",
                place.host(),
                "challenge",
                text(challenges.make(purpose)),
                "timeout",
                MILLIS,
                "allowCredentials",
                allowed,
                "userVerification",
                "required"));
    }

    @Override
    public OptionalLong identify(String shown, Place place) {
        return shown(SIGN_IN, shown, place, _ -> true)
                .map(row -> OptionalLong.of(row.accountId()))
                .orElse(OptionalLong.empty());
    }

    @Override
    public boolean confirms(long accountId, String session, String shown, Place place) {
        return shown(confirming(accountId, session), shown, place, row -> row.accountId() == accountId)
                .isPresent();
    }

    private Optional<PasskeyRows.Row> shown(
            String purpose, String shown, Place place, Predicate<PasskeyRows.Row> wanted) {
        if (!shaped(shown, "clientDataJSON", "authenticatorData", "signature")) {
            return Optional.empty();
        }
        try {
            AuthenticationData parsed = manager.parseAuthenticationResponseJSON(shown);
            byte[] challenge = challenge(parsed.getCollectedClientData());
            if (!challenges.good(purpose, challenge)) {
                return Optional.empty();
            }
            Optional<PasskeyRows.Row> row = rows.find(rawId(shown)).filter(wanted);
            if (row.isEmpty()) {
                return Optional.empty();
            }
            AuthenticationData verified = manager.verify(
                    parsed,
                    new AuthenticationParameters(server(place, challenge), record(row.get()), null, true, true));
            var authenticator = verified.getAuthenticatorData();
            return authenticator != null
                            && challenges.use(challenge)
                            && rows.used(row.get(), authenticator.getSignCount(), authenticator.isFlagBS())
                    ? row
                    : Optional.empty();
        } catch (DataConversionException | VerificationException | JacksonException refused) {
            LOG.debug("A passkey was not right", refused);
            return Optional.empty();
        }
    }

    private CredentialRecord record(PasskeyRows.Row row) {
        return new CredentialRecordImpl(
                new NoneAttestationStatement(),
                true,
                null,
                row.backedUp(),
                row.counter(),
                credentials.convert(row.credential()),
                null,
                null,
                null,
                row.transports().stream().map(AuthenticatorTransport::create).collect(Collectors.toSet()));
    }

    // ---- removing ---------------------------------------------------------------------------------------------

    @Override
    @Nullable
    public String remove(long accountId, long id) {
        return rows.remove(accountId, id);
    }

    @Override
    public boolean removeAll(long accountId) {
        return rows.removeAll(accountId);
    }
}
