// SPDX-License-Identifier: Apache-2.0
/** Videos as rows: found, changed, counted. */
@NullMarked
package live.millrace.platform.recording.internal.videos;

import org.jspecify.annotations.NullMarked;
