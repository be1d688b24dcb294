// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is wanted lies in the archive, which does not give it at the moment. */
public final class ArchiveAwayException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration again;

    /** @param again after which it is worth another try */
    ArchiveAwayException(String message, Duration again, @Nullable Throwable cause) {
        super(message, cause);
        this.again = again;
    }

    /** After how long it is worth another try. */
    public Duration again() {
        return again;
    }
}
