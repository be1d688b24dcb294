// SPDX-License-Identifier: Apache-2.0
/**
 * Reading bits and checking sums. It knows no format.
 */
@NullMarked
package live.millrace.media.bytes;

import org.jspecify.annotations.NullMarked;
