// SPDX-License-Identifier: Apache-2.0
/**
 * The RTMP handshake, simple (RTMP 1.0 §5.2) and with digests, from the server's side. It knows nothing of chunks.
 */
@NullMarked
package live.millrace.media.protocol.rtmp.handshake;

import org.jspecify.annotations.NullMarked;
