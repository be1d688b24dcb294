// SPDX-License-Identifier: Apache-2.0
/** Where people set up what proves them. */
@NullMarked
package live.millrace.platform.signin.web;

import org.jspecify.annotations.NullMarked;
