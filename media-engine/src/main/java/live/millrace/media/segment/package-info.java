// SPDX-License-Identifier: Apache-2.0
/**
 * Cuts a live stream into CMAF segments at random access points, once for everybody who wants them, and says where their bytes are kept.
 */
@NullMarked
package live.millrace.media.segment;

import org.jspecify.annotations.NullMarked;
