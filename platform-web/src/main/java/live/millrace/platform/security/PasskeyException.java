// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import org.springframework.security.core.AuthenticationException;

/** A passkey that is nobody's, or was not right. */
final class PasskeyException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    PasskeyException() {
        super("no passkey of anybody");
    }
}
