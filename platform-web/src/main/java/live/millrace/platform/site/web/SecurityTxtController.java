// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.site.SiteIdentity;
import live.millrace.platform.site.SiteSettings;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells who finds a weakness whom to tell (RFC 9116), where the site names somebody. */
@RestController
class SecurityTxtController {
    static final String PATH = "/.well-known/security.txt";

    /** It says what is so now; whoever keeps a copy looks again within a few months. */
    private static final Duration GOOD_FOR = Duration.ofDays(90);

    private final SiteSettings settings;
    private final SiteAddress address;
    private final Clock clock;

    SecurityTxtController(SiteSettings settings, SiteAddress address, Clock clock) {
        this.settings = settings;
        this.address = address;
        this.clock = clock;
    }

    @GetMapping(PATH)
    ResponseEntity<String> securityTxt() {
        Optional<String> contact = SiteIdentity.securityContact(settings);
        if (contact.isEmpty()) {
            return ResponseEntity.notFound().build();
        }
        Instant expires = Instant.now(clock).plus(GOOD_FOR).truncatedTo(ChronoUnit.DAYS);
        String text = "Contact: " + contact.get() + "\n"
                + "Expires: " + expires + "\n"
                + "Preferred-Languages: en, zh\n"
                // Whoever asks by another name is told the true one, or none: the request's is anybody's word.
                + address.origin()
                        .map(origin -> "Canonical: " + origin + PATH + "\n")
                        .orElse("");
        return ResponseEntity.ok()
                .header("Content-Type", "text/plain; charset=utf-8")
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)))
                .body(text);
    }
}
