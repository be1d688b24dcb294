// SPDX-License-Identifier: Apache-2.0
/**
 * RTCP (RFC 3550 §6): its packets, the figures that reports are made of, and the clock that sender reports give to all tracks of a
 * session.
 */
@NullMarked
package live.millrace.media.protocol.rtp.rtcp;

import org.jspecify.annotations.NullMarked;
