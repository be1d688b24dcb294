// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Too many passwords are being checked at this moment. Nothing was checked; a moment later it may be. */
@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
public final class TooBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** When another try is worth it. */
    public static final int RETRY_SECONDS = 5;

    public TooBusyException() {
        super("too many passwords at once", null, false, false);
    }
}
