// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

/** A command that was not carried out; says why by a key under {@code moderation.not}. */
public final class NotDoneException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean forbidden;

    private NotDoneException(String key, boolean forbidden) {
        super(key, null, false, false);
        this.forbidden = forbidden;
    }

    static NotDoneException because(String key) {
        return new NotDoneException("moderation.not." + key, false);
    }

    static NotDoneException forbidden() {
        return new NotDoneException("moderation.not.allowed", true);
    }

    public String key() {
        return String.valueOf(getMessage());
    }

    /** Whether somebody else might. */
    public boolean isForbidden() {
        return forbidden;
    }
}
