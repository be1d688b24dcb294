// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture;

/** An upload cannot be used; its message key says why, in words for whoever sent it. */
public final class BadPictureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String messageKey;

    public BadPictureException(String messageKey) {
        super(messageKey);
        this.messageKey = messageKey;
    }

    public String messageKey() {
        return messageKey;
    }
}
