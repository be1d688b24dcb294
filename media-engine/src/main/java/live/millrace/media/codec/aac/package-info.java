// SPDX-License-Identifier: Apache-2.0
/**
 * AAC (ISO/IEC 14496-3): AudioSpecificConfig and ADTS.
 */
@NullMarked
package live.millrace.media.codec.aac;

import org.jspecify.annotations.NullMarked;
