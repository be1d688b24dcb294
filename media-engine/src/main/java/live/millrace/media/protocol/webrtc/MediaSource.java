// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

/**
 * What a medium is sent as (RFC 5576, RFC 8830).
 *
 * @param ssrc of its packets
 * @param retransmissionSsrc of what is sent once more, where that has a payload type of its own
 * @param stream names what is played together
 * @param canonicalName of the sender, the same for all that is in step (RFC 3550 §6.5.1)
 */
public record MediaSource(int ssrc, int retransmissionSsrc, String stream, String canonicalName) {}
