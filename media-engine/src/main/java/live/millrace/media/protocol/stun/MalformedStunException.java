// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

/** A message that breaks RFC 8489, or our bounds. Fatal to the message, and to no more: over UDP anybody may have sent it. */
public final class MalformedStunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedStunException(String message) {
        // No stack trace: a peer's mistake is cheap to report, however often it is made.
        super(message, null, false, false);
    }
}
