// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

/** Bytes that are not what their codec or container says. Fatal to the frame that held them. */
public final class MalformedMediaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMediaException(String message) {
        // No stack trace: a peer's mistake is cheap to report, however often it is made.
        super(message, null, false, false);
    }
}
