// SPDX-License-Identifier: Apache-2.0
/**
 * MPEG program streams to frames (ISO/IEC 13818-1 §2.5), as cameras and recorders send them over RTP.
 */
@NullMarked
package live.millrace.media.container.mpegps;

import org.jspecify.annotations.NullMarked;
