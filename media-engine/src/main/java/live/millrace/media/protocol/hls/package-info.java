// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP Live Streaming playlists as text (RFC 8216). Values in, text out; no sockets, no segments.
 */
@NullMarked
package live.millrace.media.protocol.hls;

import org.jspecify.annotations.NullMarked;
