// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import org.springframework.security.core.AuthenticationException;

/** The password was right, and is not enough. */
final class SecondStepException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final long accountId;

    SecondStepException(long accountId) {
        super("a code is asked for");
        this.accountId = accountId;
    }

    long accountId() {
        return accountId;
    }
}
