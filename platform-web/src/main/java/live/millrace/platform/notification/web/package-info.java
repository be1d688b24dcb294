// SPDX-License-Identifier: Apache-2.0
/** The list of notices. */
@NullMarked
package live.millrace.platform.notification.web;

import org.jspecify.annotations.NullMarked;
