// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** Ends sessions of others. Implemented where sessions are. */
public interface SignOut {
    /** Ends all sessions of an account, and tells {@link SessionsEnded}. */
    void everywhere(AccountView account);

    /**
     * Ends all sessions of the site, and tells {@link EverybodySignedOut}.
     *
     * @param except whose sessions go on
     */
    void everybody(AccountPrincipal except);
}
