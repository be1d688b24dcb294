// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import java.io.IOException;

/** A file is no MP4 that can be taken in. */
public final class MalformedMovieException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What stands against it. */
    public enum Cause {
        /** It is something else, or broken. */
        NO_MOVIE,
        /** It holds nothing to play. */
        NOTHING,
        /** It has more than is taken. */
        TOO_LARGE,
        /** It is coded in a way that is not carried. */
        CODEC,
        /** It needs a key. */
        ENCRYPTED
    }

    private final Cause reason;

    MalformedMovieException(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Cause reason() {
        return reason;
    }
}
