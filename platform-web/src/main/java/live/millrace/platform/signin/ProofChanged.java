// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Somebody set up, or took away, what proves them; they are told, in case it was somebody else.
 *
 * @param request by which it was done
 */
public record ProofChanged(long accountId, Kind kind, HttpServletRequest request) {
    /** What changed. */
    public enum Kind {
        PASSKEY_ADDED,
        APP_ADDED,
        REMOVED
    }
}
