// SPDX-License-Identifier: Apache-2.0
/**
 * VP8 (RFC 6386; VP codec ISO media binding): the header of key frames. Its configuration record is that of {@code codec.vp}.
 */
@NullMarked
package live.millrace.media.codec.vp8;

import org.jspecify.annotations.NullMarked;
