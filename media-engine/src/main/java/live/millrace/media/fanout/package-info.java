// SPDX-License-Identifier: Apache-2.0
/**
 * Encode once, write many. A {@link live.millrace.media.fanout.Feed} is the only subscriber that a live stream has for a
 * format, however many watch: it turns frames into shared bytes, keeps what a newcomer needs, decides when to flush, and hands each
 * event loop one task for all its viewers. It knows no format: encoders live with the endpoints.
 */
@NullMarked
package live.millrace.media.fanout;

import org.jspecify.annotations.NullMarked;
