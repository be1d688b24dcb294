// SPDX-License-Identifier: Apache-2.0
/**
 * RTMP messages as values (RTMP 1.0 §5.4, §7.1) and their reading and writing. It knows no session and no socket.
 */
@NullMarked
package live.millrace.media.protocol.rtmp.message;

import org.jspecify.annotations.NullMarked;
