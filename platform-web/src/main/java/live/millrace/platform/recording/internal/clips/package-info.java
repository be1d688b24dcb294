// SPDX-License-Identifier: Apache-2.0
/** Clips in the database. */
@NullMarked
package live.millrace.platform.recording.internal.clips;

import org.jspecify.annotations.NullMarked;
