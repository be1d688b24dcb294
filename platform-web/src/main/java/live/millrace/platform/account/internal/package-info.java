// SPDX-License-Identifier: Apache-2.0
/** Tables and rules behind accounts. */
@NullMarked
package live.millrace.platform.account.internal;

import org.jspecify.annotations.NullMarked;
