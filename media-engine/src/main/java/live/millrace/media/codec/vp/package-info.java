// SPDX-License-Identifier: Apache-2.0
/**
 * What VP8 and VP9 have in common (VP codec ISO media binding): the configuration record.
 */
@NullMarked
package live.millrace.media.codec.vp;

import org.jspecify.annotations.NullMarked;
