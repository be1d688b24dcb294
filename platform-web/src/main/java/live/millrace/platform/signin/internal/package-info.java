// SPDX-License-Identifier: Apache-2.0
/** How proofs are kept and checked. */
@NullMarked
package live.millrace.platform.signin.internal;

import org.jspecify.annotations.NullMarked;
