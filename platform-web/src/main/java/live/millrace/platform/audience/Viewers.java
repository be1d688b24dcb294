// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import jakarta.servlet.http.HttpServletRequest;

/** Tells who looks. A look makes no session, no cookie and no row. Thread-safe. */
public interface Viewers {
    /** Cookies: over HTTPS with the prefix {@code __Host-}. Holds the secret of a guest without an account. */
    String GUEST_COOKIE = "guest";

    Viewer of(HttpServletRequest request);
}
