// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import live.millrace.platform.shared.SiteKey;
import live.millrace.platform.signin.OpenIdTrip;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a browser takes along to another service and back: encrypted, for ten minutes, and nobody's but its own. Over HTTPS its name binds it
 * to this host; over plain HTTP, as in a house, no browser would take such a name.
 */
@Component
class TripCookie {
    static final String SECURE_NAME = "__Host-openid";
    static final String PLAIN_NAME = "openid";

    private static final Duration VALID = Duration.ofMinutes(10);
    private static final String PURPOSE = "way to another service and back";
    private static final int MAX_LENGTH = 4_000;

    private final SiteKey key;
    private final JsonMapper json;
    private final Clock clock;

    TripCookie(SiteKey key, JsonMapper json, Clock clock) {
        this.key = key;
        this.json = json;
        this.clock = clock;
    }

    /**
     * What has to be the same when they are back.
     *
     * @param redirectAddress where the service was told to send them
     */
    record Kept(
            int provider,
            String state,
            String nonce,
            String verifier,
            String redirectAddress,
            OpenIdTrip trip,
            Instant begunAt) {
        @Override
        public String toString() {
            return "Kept[" + provider + "]";
        }
    }

    void write(Kept kept, HttpServletRequest request, HttpServletResponse response) {
        byte[] sealed = key.seal(PURPOSE, json.writeValueAsBytes(kept));
        add(Base64.getUrlEncoder().withoutPadding().encodeToString(sealed), VALID, request, response);
    }

    void clear(HttpServletRequest request, HttpServletResponse response) {
        add("", Duration.ZERO, request, response);
    }

    private static void add(String value, Duration age, HttpServletRequest request, HttpServletResponse response) {
        ResponseCookie cookie = ResponseCookie.from(name(request), value)
                .path("/")
                .httpOnly(true)
                .secure(request.isSecure())
                .maxAge(age)
                // The service sends them back by a link.
                .sameSite("Lax")
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    Optional<Kept> read(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(name(request)) && cookie.getValue().length() <= MAX_LENGTH) {
                return opened(cookie.getValue());
            }
        }
        return Optional.empty();
    }

    private Optional<Kept> opened(String value) {
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(value);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        try {
            return key.open(PURPOSE, sealed)
                    .map(plain -> json.readValue(plain, Kept.class))
                    .filter(kept -> kept.begunAt().plus(VALID).isAfter(clock.instant()));
        } catch (JacksonException earlierVersion) {
            return Optional.empty();
        }
    }

    private static String name(HttpServletRequest request) {
        return request.isSecure() ? SECURE_NAME : PLAIN_NAME;
    }
}
