// SPDX-License-Identifier: Apache-2.0
/**
 * RTSP 1.0 on the wire (RFC 2326): requests, responses, the frames of media between them, and what their headers say. Both roles use it; the
 * sessions that decide are elsewhere.
 */
@NullMarked
package live.millrace.media.protocol.rtsp;

import org.jspecify.annotations.NullMarked;
