// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells people what happened to their account, by the bell and by mail where the site sends any. Thread-safe. */
public interface AccountAlerts {
    /** What happened. Each has a text under {@code mail} and {@code notice.kind}. */
    enum Kind {
        NEW_DEVICE,
        PASSWORD_CHANGED,
        MAIL_CHANGED,
        NEW_PASSKEY,
        FACTOR_ADDED,
        NEW_CODES,
        FACTOR_REMOVED,
        SERVICE_LINKED,
        SERVICE_UNLINKED;

        /** As texts name it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Tells it, in the caller's transaction if there is one.
     *
     * @param request whose browser and network are named, roughly; null where nobody's is known
     */
    void tell(long accountId, Kind kind, @Nullable HttpServletRequest request);
}
