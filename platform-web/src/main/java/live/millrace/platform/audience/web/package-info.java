// SPDX-License-Identifier: Apache-2.0
/** The page to which an invite's link leads. */
@NullMarked
package live.millrace.platform.audience.web;

import org.jspecify.annotations.NullMarked;
