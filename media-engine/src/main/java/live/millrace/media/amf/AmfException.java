// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.amf;

/** AMF that is malformed or beyond a limit. Fatal to the message that held it, and to no more. */
public final class AmfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AmfException(String message) {
        // No stack trace: a peer's mistake is cheap to report, however often it is made.
        super(message, null, false, false);
    }
}
