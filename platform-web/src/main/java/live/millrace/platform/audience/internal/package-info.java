// SPDX-License-Identifier: Apache-2.0
/** How the audience is decided upon. */
@NullMarked
package live.millrace.platform.audience.internal;

import org.jspecify.annotations.NullMarked;
