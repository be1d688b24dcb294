// SPDX-License-Identifier: Apache-2.0
/**
 * HLS out: playlists and segments of every live stream over HTTP, and the count of those who watch.
 */
@NullMarked
package live.millrace.media.endpoint.hls;

import org.jspecify.annotations.NullMarked;
