// SPDX-License-Identifier: Apache-2.0
/**
 * Keeps what was broadcast: the parts of {@code segment} appended to one file per track and five minutes, a <i>span</i>, and an index of
 * them. Nothing is made at the end of a broadcast; what was served is the recording.
 */
@NullMarked
package live.millrace.media.recording;

import org.jspecify.annotations.NullMarked;
