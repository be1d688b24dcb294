// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import live.millrace.platform.camera.internal.onvif.FoundDevice;
import live.millrace.platform.shared.SiteKey;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Devices that a search found, in forms that come back: nobody names one that answered to nobody. Thread-safe. */
@Component
class SealedDevices {
    /** So long a list may stand open. */
    private static final Duration OPEN = Duration.ofHours(1);

    /** What is sealed, and until when. */
    private record Sealed(long until, String service, String name, String hardware) {}

    private final SiteKey key;
    private final JsonMapper json;
    private final Clock clock;

    SealedDevices(SiteKey key, JsonMapper json, Clock clock) {
        this.key = key;
        this.json = json;
        this.clock = clock;
    }

    private static String purpose(long accountId) {
        return "camera found by " + accountId;
    }

    String seal(long accountId, FoundDevice device) {
        String plain = json.writeValueAsString(new Sealed(
                clock.instant().plus(OPEN).getEpochSecond(),
                device.service().toString(),
                device.name(),
                device.hardware()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.seal(purpose(accountId), plain.getBytes(StandardCharsets.UTF_8)));
    }

    /** Empty where it is too late, or somebody else's. */
    Optional<FoundDevice> open(long accountId, String sealed) {
        try {
            return key.open(purpose(accountId), Base64.getUrlDecoder().decode(sealed))
                    .map(plain -> json.readValue(new String(plain, StandardCharsets.UTF_8), Sealed.class))
                    .filter(known -> known.until() > clock.instant().getEpochSecond())
                    .map(known -> new FoundDevice(URI.create(known.service()), known.name(), known.hardware()));
        } catch (IllegalArgumentException | JacksonException malformed) {
            return Optional.empty();
        }
    }
}
