// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Signs somebody in without a log-in form, after they registered. Implemented where sessions are. */
@FunctionalInterface
public interface SignIn {
    /** @param proof how they showed who they are, as one of {@link org.springframework.security.core.authority.FactorGrantedAuthority}'s */
    void signIn(AccountPrincipal principal, String proof, HttpServletRequest request, HttpServletResponse response);
}
