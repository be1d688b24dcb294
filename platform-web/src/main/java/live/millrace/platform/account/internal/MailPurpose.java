// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the site writes to people about. */
enum MailPurpose {
    VERIFY("/verify/", Duration.ofHours(24)),
    RESET("/reset/", Duration.ofHours(1)),
    ACCEPTED("/login", null),
    /** To whom an admin made an account for: the link by which they choose their first password. */
    WELCOME("/reset/", Duration.ofDays(14)),
    /** To whom an address belongs that somebody gave for another account. */
    EXISTING("/login", null),
    /** To an address that an account is to have. */
    CHANGE("/email/", Duration.ofHours(24)),
    /** To the address that it had. */
    UNDO("/email/undo/", Duration.ofDays(7));

    private final String path;
    private final @Nullable Duration valid;

    MailPurpose(String path, @Nullable Duration valid) {
        this.path = path;
        this.valid = valid;
    }

    /** Where its link leads; a token follows where there is one. */
    String path() {
        return path;
    }

    /** How long its token is good; null where it has none. */
    @Nullable
    Duration valid() {
        return valid;
    }

    /** As what its token is known where it is shown. */
    MailPurpose opens() {
        return this == WELCOME ? RESET : this;
    }

    /** Its texts' key. */
    String key() {
        return "mail." + name().toLowerCase(Locale.ROOT);
    }
}
