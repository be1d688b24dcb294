// SPDX-License-Identifier: Apache-2.0
/**
 * Who watches: asks whether they may, counts them, and sends away whoever may no longer. One rule for players that poll and
 * players that hold a socket.
 */
@NullMarked
package live.millrace.media.audience;

import org.jspecify.annotations.NullMarked;
