// SPDX-License-Identifier: Apache-2.0
/** The login page. */
@NullMarked
package live.millrace.platform.security.web;

import org.jspecify.annotations.NullMarked;
