// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp;

/** The peer broke the RTMP specification or one of our limits. Fatal to its connection, and to no more. */
public final class RtmpProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RtmpProtocolException(String message) {
        // No stack trace: a peer's mistake is cheap to report, however often it is made.
        super(message, null, false, false);
    }
}
