// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

/** A packet that breaks RFC 3550. Fatal to the packet, and to no more: over UDP anybody may have sent it. */
public final class MalformedRtpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedRtpException(String message) {
        // No stack trace: a peer's mistake is cheap to report, however often it is made.
        super(message, null, false, false);
    }
}
