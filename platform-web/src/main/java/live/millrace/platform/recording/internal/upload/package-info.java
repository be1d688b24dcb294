// SPDX-License-Identifier: Apache-2.0
/** Files that become videos: received piece by piece, taken in one after the other. */
@NullMarked
package live.millrace.platform.recording.internal.upload;

import org.jspecify.annotations.NullMarked;
