// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import live.millrace.platform.signin.OpenIdArrival;
import org.springframework.security.core.AuthenticationException;

/** Another service vouched for somebody who has no account here, or has not linked it. */
final class UnknownArrivalException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final OpenIdArrival arrival;

    UnknownArrivalException(OpenIdArrival arrival) {
        super("nobody's account");
        this.arrival = arrival;
    }

    OpenIdArrival arrival() {
        return arrival;
    }
}
