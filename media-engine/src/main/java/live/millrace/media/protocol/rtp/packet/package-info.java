// SPDX-License-Identifier: Apache-2.0
/**
 * RTP packets (RFC 3550 §5) and the order in which they came: headers, sequence numbers, the window that sorts them. What is inside a
 * payload is {@link live.millrace.media.protocol.rtp.payload}'s.
 */
@NullMarked
package live.millrace.media.protocol.rtp.packet;

import org.jspecify.annotations.NullMarked;
