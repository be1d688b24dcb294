// SPDX-License-Identifier: Apache-2.0
/**
 * Clocks that wrap: the one place where 32-bit and 33-bit time stamps become 64-bit and back.
 */
@NullMarked
package live.millrace.media.time;

import org.jspecify.annotations.NullMarked;
