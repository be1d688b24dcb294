// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.io.IOException;
import java.time.Duration;

/** What an answer consists of is there, and cannot be had at the moment: it is answered with 503. */
public final class NotNowException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration again;

    /** @param again after which another try is welcome */
    public NotNowException(Duration again, Throwable cause) {
        super(cause);
        this.again = again;
    }

    /** RFC 9110 §15.6.4, with Retry-After. */
    HttpAnswer answer() {
        return HttpAnswer.notNow(again);
    }
}
