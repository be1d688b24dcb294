// SPDX-License-Identifier: Apache-2.0
/**
 * Streams fetched by RTSP (RFC 2326), mostly from cameras: the order of requests that most of them bear, and what to make of those that break
 * the protocol in ways that are known.
 */
@NullMarked
package live.millrace.media.source.rtsp;

import org.jspecify.annotations.NullMarked;
