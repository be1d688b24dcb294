// SPDX-License-Identifier: Apache-2.0
/**
 * RTMP 1.0 on the wire, in layers that stand alone: handshake, chunks, messages. The session that decides is an endpoint.
 */
@NullMarked
package live.millrace.media.protocol.rtmp;

import org.jspecify.annotations.NullMarked;
