// SPDX-License-Identifier: Apache-2.0
/**
 * VP9 (VP codec ISO media binding): the configuration record and the header of key frames.
 */
@NullMarked
package live.millrace.media.codec.vp9;

import org.jspecify.annotations.NullMarked;
