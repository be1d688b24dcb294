// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** Where a suspended person learns why, and may say something to it. */
public interface SuspendedVisit {
    /** Answers a path that is theirs for some minutes. Only for whoever just proved to be them. */
    String open(long accountId);
}
