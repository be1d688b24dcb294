// SPDX-License-Identifier: Apache-2.0
/**
 * H.265 (ITU-T H.265, ISO/IEC 14496-15 §8): the parameter sets, the decoder configuration record, access units.
 */
@NullMarked
package live.millrace.media.codec.h265;

import org.jspecify.annotations.NullMarked;
