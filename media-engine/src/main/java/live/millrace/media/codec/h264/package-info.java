// SPDX-License-Identifier: Apache-2.0
/**
 * H.264 (ITU-T H.264, ISO/IEC 14496-15): parameter sets, the decoder configuration record, the two framings of NAL units.
 */
@NullMarked
package live.millrace.media.codec.h264;

import org.jspecify.annotations.NullMarked;
