// SPDX-License-Identifier: Apache-2.0
/** Videos over HTTP. */
@NullMarked
package live.millrace.platform.recording.web;

import org.jspecify.annotations.NullMarked;
