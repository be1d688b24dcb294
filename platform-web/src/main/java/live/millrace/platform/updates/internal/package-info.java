// SPDX-License-Identifier: Apache-2.0
/** How the address is asked, and what is kept of its answer. */
@NullMarked
package live.millrace.platform.updates.internal;

import org.jspecify.annotations.NullMarked;
