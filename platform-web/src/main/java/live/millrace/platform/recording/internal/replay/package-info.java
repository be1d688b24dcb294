// SPDX-License-Identifier: Apache-2.0
/** Where somebody was in a video. */
@NullMarked
package live.millrace.platform.recording.internal.replay;

import org.jspecify.annotations.NullMarked;
