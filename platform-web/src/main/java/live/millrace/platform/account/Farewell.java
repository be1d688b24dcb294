// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** What somebody who deletes their account wants done with what they wrote in rooms of others. Thread-safe. */
public interface Farewell {
    /** @param comments whether they go too; else they stay, without a name */
    void wish(long accountId, boolean comments);

    /** Asked for while the account is still there. */
    boolean commentsGo(long accountId);
}
