// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;

/** A file does not become a recording: it is not what is taken. */
public final class MovieRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What stands against it. */
    public enum Reason {
        /** It is something else than an MP4, or broken. */
        NO_MOVIE,
        /** It holds nothing to play. */
        NOTHING,
        /** It has more than is taken: samples, tracks, or its index. */
        TOO_LARGE,
        /** Its pictures are of a codec that is not carried. */
        VIDEO_CODEC,
        /** Its sound is. */
        AUDIO_CODEC,
        /** It needs a key. */
        ENCRYPTED,
        /** It is shorter than anything that is kept. */
        TOO_SHORT,
        /** It is longer than a broadcast is. */
        TOO_LONG,
        /** Its times do not go on, or faster than anything that is shown. */
        TIMES,
        /** Its pictures can hardly be begun with, and pause besides. */
        KEY_FRAMES
    }

    private final Reason reason;
    private final String what;

    MovieRefusedException(Reason reason, String what) {
        super(reason + ": " + what);
        this.reason = reason;
        this.what = what;
    }

    public Reason reason() {
        return reason;
    }

    /** The codec where it is about one, else details that are of no use to most people. */
    public String what() {
        return what;
    }
}
