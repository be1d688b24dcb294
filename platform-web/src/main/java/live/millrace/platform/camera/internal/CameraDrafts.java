// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.shared.SiteKey;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What was typed, encrypted for a form that goes to a browser and comes back: passwords are in no page. Thread-safe. */
@Component
class CameraDrafts {
    /** So long a form may stand open. */
    private static final Duration OPEN = Duration.ofHours(1);

    /** What is sealed, and until when. */
    private record Draft(long until, CameraWish wish) {
        @Override
        public String toString() {
            return "Draft[hidden]";
        }
    }

    private final SiteKey key;
    private final JsonMapper json;
    private final Clock clock;

    CameraDrafts(SiteKey key, JsonMapper json, Clock clock) {
        this.key = key;
        this.json = json;
        this.clock = clock;
    }

    private static String purpose(long accountId) {
        return "camera typed by " + accountId;
    }

    String seal(long accountId, CameraWish wish) {
        String draft =
                json.writeValueAsString(new Draft(clock.instant().plus(OPEN).getEpochSecond(), wish));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.seal(purpose(accountId), draft.getBytes(StandardCharsets.UTF_8)));
    }

    Optional<CameraWish> open(long accountId, String draft) {
        try {
            return key.open(purpose(accountId), Base64.getUrlDecoder().decode(draft))
                    .map(plain -> json.readValue(new String(plain, StandardCharsets.UTF_8), Draft.class))
                    .filter(known -> known.until() > clock.instant().getEpochSecond())
                    .map(Draft::wish);
        } catch (IllegalArgumentException | JacksonException malformed) {
            return Optional.empty();
        }
    }
}
