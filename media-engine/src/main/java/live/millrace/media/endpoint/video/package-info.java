// SPDX-License-Identifier: Apache-2.0
/**
 * What was recorded, for players and for whoever wants a file: playlists that grow while a broadcast goes on, segments that are ranges of spans,
 * and MP4 files that nobody ever wrote.
 */
@NullMarked
package live.millrace.media.endpoint.video;

import org.jspecify.annotations.NullMarked;
