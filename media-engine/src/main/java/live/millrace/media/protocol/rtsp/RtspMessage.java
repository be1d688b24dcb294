// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import io.netty.buffer.ByteBuf;

/** What comes over an RTSP connection. */
public sealed interface RtspMessage {
    /**
     * A request (RFC 2326 §6); both ends may send some.
     *
     * @param method as it was written; names that nobody knows are answered with 501
     * @param uri as it was written: log-ins are computed over it
     * @param body without it, empty
     */
    record Request(String method, String uri, RtspHeaders headers, String body) implements RtspMessage {}

    /**
     * An answer (§7).
     *
     * @param status 100 to 599
     * @param body without it, empty
     */
    record Response(int status, String reason, RtspHeaders headers, String body) implements RtspMessage {
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * A frame of media between messages (§10.12): a packet of RTP or RTCP.
     *
     * @param payload to be released by whoever takes the message
     */
    record Interleaved(int channel, ByteBuf payload) implements RtspMessage {}
}
