// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** What a session knows of its person. Implemented where sessions are. */
@FunctionalInterface
public interface SessionProofs {
    /** Notes that they just showed a proof of {@link Proofs}; the session gets a fresh id. */
    void add(String proof, HttpServletRequest request, HttpServletResponse response);
}
