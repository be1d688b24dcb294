// SPDX-License-Identifier: Apache-2.0
/**
 * What codecs that MPEG-4 systems know have in common (ISO/IEC 14496-1).
 */
@NullMarked
package live.millrace.media.codec.mpeg4;

import org.jspecify.annotations.NullMarked;
