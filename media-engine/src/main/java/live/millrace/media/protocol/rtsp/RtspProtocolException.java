// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

/** The peer broke RFC 2326 or one of our limits. Fatal to its connection where bytes were read, and else to its request. */
public final class RtspProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RtspProtocolException(String message) {
        // No stack trace: a peer's mistake is cheap to report, however often it is made.
        super(message, null, false, false);
    }
}
