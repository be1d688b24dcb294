// SPDX-License-Identifier: Apache-2.0
/**
 * What whoever embeds the engine sees and does: the state of each stream, events, ending a stream.
 */
@NullMarked
package live.millrace.media.control;

import org.jspecify.annotations.NullMarked;
