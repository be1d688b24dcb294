// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The browsers that an account was signed in with. Each carries a signed cookie, which outlives the session and lets nobody in: it tells
 * its owner from strangers while those guess. Thread-safe.
 */
public interface KnownDevices {
    /** Whether the account was signed in with this browser. */
    boolean knows(long accountId, HttpServletRequest request);

    /** Somebody signed in: their browser is known from now on. They are told when it is a new one beside others. */
    void signedIn(AccountPrincipal principal, HttpServletRequest request, HttpServletResponse response);

    /** Forgets all of an account but the one that asks. */
    void forgetOthers(long accountId, HttpServletRequest request);

    /** Forgets all of an account. */
    void forget(long accountId);
}
