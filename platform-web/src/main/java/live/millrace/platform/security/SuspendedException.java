// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import org.springframework.security.authentication.LockedException;

/** The password was right and the account is suspended. */
final class SuspendedException extends LockedException {
    private static final long serialVersionUID = 1L;

    private final long accountId;

    SuspendedException(long accountId) {
        super("suspended");
        this.accountId = accountId;
    }

    long accountId() {
        return accountId;
    }
}
