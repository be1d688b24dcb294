// SPDX-License-Identifier: Apache-2.0
/**
 * MPEG-1 and MPEG-2 audio layer III: the frame header.
 */
@NullMarked
package live.millrace.media.codec.mp3;

import org.jspecify.annotations.NullMarked;
