// SPDX-License-Identifier: Apache-2.0
/** The console's pages. */
@NullMarked
package live.millrace.platform.admin.web;

import org.jspecify.annotations.NullMarked;
