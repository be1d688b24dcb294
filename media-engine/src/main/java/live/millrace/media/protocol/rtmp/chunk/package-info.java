// SPDX-License-Identifier: Apache-2.0
/**
 * The RTMP chunk layer (RTMP 1.0 §5.3, §5.4): chunk streams to whole messages and back. It never closes, answers or logs:
 * it emits a message or fails with one typed exception.
 */
@NullMarked
package live.millrace.media.protocol.rtmp.chunk;

import org.jspecify.annotations.NullMarked;
