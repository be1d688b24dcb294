// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** The name, or the network it was tried from, has no try left for a while. Nothing was looked up. */
final class TooManyTriesException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    TooManyTriesException(Duration wait) {
        super("too many tries");
        this.wait = wait;
    }

    Duration pause() {
        return wait;
    }
}
