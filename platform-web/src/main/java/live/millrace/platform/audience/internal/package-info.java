// SPDX-License-Identifier: Apache-2.0
/** The tables of invites and guests, and what browsers keep of them. */
@NullMarked
package live.millrace.platform.audience.internal;

import org.jspecify.annotations.NullMarked;
