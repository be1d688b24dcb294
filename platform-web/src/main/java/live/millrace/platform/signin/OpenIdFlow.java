// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Optional;

/**
 * The way to another service and back (OpenID Connect Core 1.0 §3.1, with PKCE). The browser carries what belongs to it in a sealed cookie:
 * nothing is kept of those who never come back. Each call outward has a deadline. Thread-safe.
 */
public interface OpenIdFlow {
    /**
     * Where to send the browser.
     *
     * @throws OpenIdException when the service is not offered, or does not answer
     */
    URI begin(int provider, OpenIdTrip trip, HttpServletRequest request, HttpServletResponse response);

    /** For what the browser says that it was sent away; looks at nothing else. */
    Optional<OpenIdTrip> trip(HttpServletRequest request);

    /**
     * Whom a service sent back. The cookie is used up.
     *
     * @throws OpenIdException when it is not what was asked for, or cannot be checked
     */
    OpenIdArrival arrive(int provider, HttpServletRequest request, HttpServletResponse response);

    /** What the service has to know: where it sends people back to. */
    String redirectAddress(int provider, HttpServletRequest request);
}
