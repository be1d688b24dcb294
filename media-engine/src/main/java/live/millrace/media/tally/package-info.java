// SPDX-License-Identifier: Apache-2.0
/** Counting what happens, by kind, from any thread. */
@NullMarked
package live.millrace.media.tally;

import org.jspecify.annotations.NullMarked;
