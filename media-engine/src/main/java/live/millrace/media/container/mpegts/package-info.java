// SPDX-License-Identifier: Apache-2.0
/**
 * Frames to MPEG-2 transport stream packets and back (ISO/IEC 13818-1).
 */
@NullMarked
package live.millrace.media.container.mpegts;

import org.jspecify.annotations.NullMarked;
