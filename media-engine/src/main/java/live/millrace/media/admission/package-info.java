// SPDX-License-Identifier: Apache-2.0
/**
 * What every way in and out needs and no protocol owns: whether a peer may, how many may at a time, who is there, and the end of whoever
 * may no longer. Knows no protocol; {@link live.millrace.media.access} says who decides.
 */
@NullMarked
package live.millrace.media.admission;

import org.jspecify.annotations.NullMarked;
