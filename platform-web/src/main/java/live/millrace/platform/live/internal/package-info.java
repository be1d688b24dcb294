// SPDX-License-Identifier: Apache-2.0
/** Tables and listeners behind live. */
@NullMarked
package live.millrace.platform.live.internal;

import org.jspecify.annotations.NullMarked;
