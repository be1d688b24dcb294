// SPDX-License-Identifier: Apache-2.0
/**
 * VP9 (VP codec ISO media binding): the header of key frames. Its configuration record is that of {@code codec.vp}.
 */
@NullMarked
package live.millrace.media.codec.vp9;

import org.jspecify.annotations.NullMarked;
