// SPDX-License-Identifier: Apache-2.0
/** Reads MP4 files that others made (ISO/IEC 14496-12): what is in them, and where. Every number in them is hostile until it was checked. */
@NullMarked
package live.millrace.media.container.mp4.movie;

import org.jspecify.annotations.NullMarked;
