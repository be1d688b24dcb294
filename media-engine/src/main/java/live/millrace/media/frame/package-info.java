// SPDX-License-Identifier: Apache-2.0
/**
 * The only currency inside the engine: tracks, their formats, and frames of one access unit each. Every way in makes
 * {@link live.millrace.media.frame.MediaFrame}s, every way out takes them.
 */
@NullMarked
package live.millrace.media.frame;

import org.jspecify.annotations.NullMarked;
