// SPDX-License-Identifier: Apache-2.0
/** Recordings over HTTP: playlists of what goes on and of what is over, segments that are stretches of spans, and files that nobody wrote. */
@NullMarked
package live.millrace.media.endpoint.video;

import org.jspecify.annotations.NullMarked;
