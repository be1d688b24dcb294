// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.io.Serial;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** The channel was there a moment ago. Answered as one that never was. */
public final class ChannelGoneException extends ResponseStatusException {
    @Serial
    private static final long serialVersionUID = 1;

    public ChannelGoneException() {
        super(HttpStatus.NOT_FOUND);
    }
}
