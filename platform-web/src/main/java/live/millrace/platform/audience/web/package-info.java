// SPDX-License-Identifier: Apache-2.0
/** Pages of those who watch what is not for everybody. */
@NullMarked
package live.millrace.platform.audience.web;

import org.jspecify.annotations.NullMarked;
