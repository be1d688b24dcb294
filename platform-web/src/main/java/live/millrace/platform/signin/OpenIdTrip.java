// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.io.Serializable;

/**
 * For what somebody was sent to another service; they bring it back, sealed.
 *
 * @param accountId whose session began it; zero for a log-in
 * @param next where to go on, a path of this site, or nothing
 * @param invite the secret of an invitation that they came with, or nothing
 */
public record OpenIdTrip(Purpose purpose, long accountId, String next, String invite) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Why they went. */
    public enum Purpose {
        LOG_IN,
        LINK,
        CONFIRM
    }

    public static OpenIdTrip logIn(String next, String invite) {
        return new OpenIdTrip(Purpose.LOG_IN, 0, next, invite);
    }
}
