// SPDX-License-Identifier: Apache-2.0
/** Tables of cameras, and what keeps the engine at them. */
@NullMarked
package live.millrace.platform.camera.internal;

import org.jspecify.annotations.NullMarked;
