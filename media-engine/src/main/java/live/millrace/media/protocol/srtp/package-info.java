// SPDX-License-Identifier: Apache-2.0
/**
 * SRTP and SRTCP (RFC 3711, RFC 7714): RTP and RTCP packets that are encrypted and authenticated under keys of a DTLS handshake (RFC 5764).
 * {@link live.millrace.media.protocol.srtp.SrtpReceiver} opens what a peer sends, {@link live.millrace.media.protocol.srtp.SrtpSender}
 * protects what it is sent; each has the keys of its direction and is used on one thread.
 */
@NullMarked
package live.millrace.media.protocol.srtp;

import org.jspecify.annotations.NullMarked;
