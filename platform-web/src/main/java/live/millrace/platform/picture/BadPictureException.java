// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture;

/** An upload cannot be used; its message key says why, in words for whoever sent it. */
public final class BadPictureException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int UNPROCESSABLE = 422;

    private final String messageKey;
    private final int status;

    public BadPictureException(String messageKey) {
        this(messageKey, UNPROCESSABLE);
    }

    private BadPictureException(String messageKey, int status) {
        super(messageKey);
        this.messageKey = messageKey;
        this.status = status;
    }

    /** Nothing is wrong with the upload; there are too many at the moment. */
    public static BadPictureException busy() {
        return new BadPictureException("picture.busy", 503);
    }

    /** Nothing is wrong with the upload; this person has sent too much of late. */
    public static BadPictureException often() {
        return new BadPictureException("picture.often", 429);
    }

    /** The status of the answer that says so. */
    public int status() {
        return status;
    }

    public String messageKey() {
        return messageKey;
    }
}
