// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import org.springframework.security.core.AuthenticationException;

/** The first proof was right, and is not enough. */
final class SecondStepException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final long accountId;
    private final String username;
    private final String first;

    /** @param first which proof it was */
    SecondStepException(long accountId, String username, String first) {
        super("a code is asked for");
        this.accountId = accountId;
        this.username = username;
        this.first = first;
    }

    String first() {
        return first;
    }

    long accountId() {
        return accountId;
    }

    String username() {
        return username;
    }
}
