// SPDX-License-Identifier: Apache-2.0
/** Remote addresses, as limits look at them. */
@NullMarked
package live.millrace.media.peer;

import org.jspecify.annotations.NullMarked;
