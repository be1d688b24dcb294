// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Whether somebody showed a moment ago that it is they: what makes or hands out secrets and power asks for it again. Implemented where
 * sessions are; any way of showing it, {@link ConfirmationWay}, notes it here.
 */
public interface Reauthentication {
    /** Whether the session of the current request showed it recently. A program's token never does. */
    boolean recent();

    /**
     * Notes that they did, in a session with a fresh id.
     *
     * @param factor how, as one of {@link org.springframework.security.core.authority.FactorGrantedAuthority}'s
     */
    void confirmed(String factor, HttpServletRequest request, HttpServletResponse response);
}
