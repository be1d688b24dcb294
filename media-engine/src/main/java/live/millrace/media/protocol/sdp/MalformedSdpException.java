// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

/** A description that breaks RFC 8866 or one of our limits. Fatal to the request that brought it. */
public final class MalformedSdpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedSdpException(String message) {
        // No stack trace: a peer's mistake is cheap to report, however often it is made.
        super(message, null, false, false);
    }
}
