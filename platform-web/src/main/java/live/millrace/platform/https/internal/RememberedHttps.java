// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import live.millrace.platform.shared.StrictTransport;
import org.springframework.stereotype.Component;

/**
 * With a certificate that the site gets by itself, browsers are told to come by HTTPS alone when that went well for a week, and for this host
 * alone: whoever is told so cannot come otherwise for a year, and other hosts of the domain are not ours to speak for.
 */
@Component
class RememberedHttps implements StrictTransport {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final String A_YEAR = "max-age=31536000";

    private final HttpsMode mode;
    private final HeldCertificate held;
    private final Clock clock;

    RememberedHttps(HttpsMode mode, HeldCertificate held, Clock clock) {
        this.mode = mode;
        this.held = held;
        this.clock = clock;
    }

    @Override
    public Optional<String> of(HttpServletRequest request) {
        if (!mode.active()) {
            return Optional.of(OF_THE_OPERATOR);
        }
        boolean known = !mode.settings().rehearsal()
                && held.domain()
                        .filter(domain -> domain.equalsIgnoreCase(request.getServerName()))
                        .isPresent()
                && held.healthySince()
                        .filter(since -> !since.plus(WEEK).isAfter(clock.instant()))
                        .isPresent();
        return known ? Optional.of(A_YEAR) : Optional.empty();
    }
}
