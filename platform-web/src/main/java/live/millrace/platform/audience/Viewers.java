// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import live.millrace.platform.socket.Page;

/** Tells who looks. A look makes no session, no cookie and no row. Thread-safe. */
public interface Viewers {
    /** A cookie: over HTTPS with the prefix {@code __Host-}. Holds the secret of a guest without an account. */
    String GUEST_COOKIE = "guest";

    Viewer of(HttpServletRequest request);

    /** Whoever sent the request that this thread answers; a stranger where it answers none. */
    Viewer current();

    /** Has whoever sent a request be one who said a channel's password, for as long as it has that one. */
    void unlock(HttpServletRequest request, long channelId, int version);

    /** Who looks at a page whose socket is open, as they were when it was opened. */
    static Viewer of(Page page) {
        return Objects.requireNonNullElse(page.noted(Viewer.class), Viewer.STRANGER);
    }
}
