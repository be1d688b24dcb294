// SPDX-License-Identifier: Apache-2.0
/**
 * Streams as one endless answer: FLV, MPEG-TS or fragmented MP4 over HTTP, and the same over a WebSocket. For players that want
 * media as soon as it is there.
 */
@NullMarked
package live.millrace.media.endpoint.progressive;

import org.jspecify.annotations.NullMarked;
