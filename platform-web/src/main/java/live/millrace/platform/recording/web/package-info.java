// SPDX-License-Identifier: Apache-2.0
/** Pages of videos, and the same for programs. */
@NullMarked
package live.millrace.platform.recording.web;

import org.jspecify.annotations.NullMarked;
