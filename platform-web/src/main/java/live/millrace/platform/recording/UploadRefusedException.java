// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.Locale;

/** Bytes of a file are not taken. */
public final class UploadRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Why {
        /** Nothing is uploaded here. */
        OFF,
        /** It has no name, or one that is none. */
        NAME,
        TITLE,
        /** It is empty, or says nothing of its size. */
        SIZE,
        /** It is larger than files may be. */
        LARGE,
        /** The channel has as many that go on as it may. */
        MANY,
        /** The channel's videos would take more than they may. */
        QUOTA,
        /** The disk is full, or as good as. */
        ROOM,
        /** A piece is longer than pieces may be, or than the file. */
        PIECE,
        /** It does not begin where the last one ended. */
        OFFSET,
        /** Nothing more is wanted of it. */
        CLOSED,
        /** A later request sends the same. */
        OVERTAKEN
    }

    private final Why why;
    private final long number;

    public UploadRefusedException(Why why) {
        this(why, 0);
    }

    /** @param number that it is about: what is allowed, or where to go on */
    public UploadRefusedException(Why why, long number) {
        super(why.name().toLowerCase(Locale.ROOT));
        this.why = why;
        this.number = number;
    }

    public Why why() {
        return why;
    }

    public long number() {
        return number;
    }
}
