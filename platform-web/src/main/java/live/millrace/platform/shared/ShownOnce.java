// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Secrets on their way from the form that made them to the page that shows them: a page that answers the form itself makes another with
 * each reload. They wait in the session, encrypted, since the database keeps it; the page takes them out, and what is reloaded has them
 * no more. Thread-safe.
 */
@Component
public class ShownOnce {
    private static final String ATTRIBUTE = "shown-once.";

    /** A browser follows at once; whoever comes later finds nothing. */
    private static final Duration WAITS = Duration.ofMinutes(10);

    private static final int MOST_TAKEN = 10_000;

    /** Told the page, as an attribute of its request: secrets made before these were never shown, and won't be. */
    private static final String OVERTAKEN = "overtaken";

    /**
     * What is sealed, and until when.
     *
     * @param overtook others, which waited for the same page; null by a version that did not ask
     */
    private record Sealed(
            long until, List<String> secrets, @Nullable Boolean overtook) {}

    /** Sealed as they are, which differs each time, until they would be worth nothing. */
    private final Cache<String, Boolean> taken = Caffeine.newBuilder()
            .expireAfterWrite(WAITS)
            .maximumSize(MOST_TAKEN)
            .build();

    private final SiteKey key;
    private final JsonMapper json;
    private final Clock clock;

    ShownOnce(SiteKey key, JsonMapper json, Clock clock) {
        this.key = key;
        this.json = json;
        this.clock = clock;
    }

    private static String purpose(HttpServletRequest request, String what) {
        return "shown once to " + request.getRemoteUser() + ": " + what;
    }

    /**
     * Keeps secrets for the page that shows them, in place of those that waited for it; the page can say that there were some.
     *
     * @param what names the page, and whatever it is about
     */
    public void keep(HttpServletRequest request, String what, List<String> secrets) {
        long until = clock.instant().plus(WAITS).getEpochSecond();
        String plain = json.writeValueAsString(new Sealed(until, secrets, waits(request, what)));
        byte[] sealed = key.seal(purpose(request, what), plain.getBytes(StandardCharsets.UTF_8));
        request.getSession(true)
                .setAttribute(ATTRIBUTE + what, Base64.getEncoder().encodeToString(sealed));
    }

    private boolean waits(HttpServletRequest request, String what) {
        HttpSession session = request.getSession(false);
        return session != null
                && session.getAttribute(ATTRIBUTE + what) instanceof String sealed
                && !taken.asMap().containsKey(sealed)
                && opened(request, what, sealed).isPresent();
    }

    private Optional<Sealed> opened(HttpServletRequest request, String what, String sealed) {
        return key.open(purpose(request, what), Base64.getDecoder().decode(sealed))
                .map(plain -> json.readValue(new String(plain, StandardCharsets.UTF_8), Sealed.class))
                .filter(known -> known.until() > clock.instant().getEpochSecond());
    }

    /** What waits for a page that is shown now, and never again: the answer stays in no cache. Empty where nothing does. */
    public Optional<List<String>> take(HttpServletRequest request, HttpServletResponse response, String what) {
        HttpSession session = request.getSession(false);
        // Whoever asks for the head alone shows nothing.
        if (!request.getMethod().equals("GET")
                || session == null
                || !(session.getAttribute(ATTRIBUTE + what) instanceof String sealed)) {
            return Optional.empty();
        }
        session.removeAttribute(ATTRIBUTE + what);
        // Each request has a copy of the session: of several at a time one is the first.
        if (taken.asMap().putIfAbsent(sealed, true) != null) {
            return Optional.empty();
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Optional<Sealed> known = opened(request, what, sealed);
        if (known.filter(each -> Boolean.TRUE.equals(each.overtook())).isPresent()) {
            request.setAttribute(OVERTAKEN, true);
        }
        return known.map(Sealed::secrets);
    }
}
