// SPDX-License-Identifier: Apache-2.0
/**
 * Reading bits, checking sums, giving memory back. It knows no format.
 */
@NullMarked
package live.millrace.media.bytes;

import org.jspecify.annotations.NullMarked;
