// SPDX-License-Identifier: Apache-2.0
/**
 * Fragmented MP4 (ISO/IEC 14496-12, CMAF ISO/IEC 23000-19): initialization sections, and movie fragments with their data.
 */
@NullMarked
package live.millrace.media.container.mp4;

import org.jspecify.annotations.NullMarked;
