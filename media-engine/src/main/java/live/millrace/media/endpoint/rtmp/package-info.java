// SPDX-License-Identifier: Apache-2.0
/**
 * RTMP in: a listener accepts sockets, a connection owns one, a publish session is its role. The decisions of the conversation
 * (RTMP 1.0 §7.2, and what encoders make of it) are taken here; bytes, chunks and messages are {@code protocol.rtmp}.
 */
@NullMarked
package live.millrace.media.endpoint.rtmp;

import org.jspecify.annotations.NullMarked;
