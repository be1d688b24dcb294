// SPDX-License-Identifier: Apache-2.0
/**
 * Cuts a live stream into MPEG-TS segments at random access points, once for everybody who plays them.
 */
@NullMarked
package live.millrace.media.segment;

import org.jspecify.annotations.NullMarked;
