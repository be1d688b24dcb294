// SPDX-License-Identifier: Apache-2.0
/** RTSP: publishers and players over TCP and UDP. */
@NullMarked
package live.millrace.media.endpoint.rtsp;

import org.jspecify.annotations.NullMarked;
