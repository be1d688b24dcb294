// SPDX-License-Identifier: Apache-2.0
/** Recordings as they are written down: their index, what is kept of whom, and how they go. */
@NullMarked
package live.millrace.platform.recording.internal;

import org.jspecify.annotations.NullMarked;
