// SPDX-License-Identifier: Apache-2.0
/** Pictures of channels for programs. */
@NullMarked
package live.millrace.platform.camera.web;

import org.jspecify.annotations.NullMarked;
