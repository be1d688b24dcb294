// SPDX-License-Identifier: Apache-2.0
/** The table behind the log. */
@NullMarked
package live.millrace.platform.audit.internal;

import org.jspecify.annotations.NullMarked;
