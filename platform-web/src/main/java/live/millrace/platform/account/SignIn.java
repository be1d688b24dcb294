// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Signs somebody in without a log-in form, after they registered. Implemented where sessions are. */
@FunctionalInterface
public interface SignIn {
    void signIn(AccountPrincipal principal, HttpServletRequest request, HttpServletResponse response);
}
