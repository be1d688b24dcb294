// SPDX-License-Identifier: Apache-2.0
/** The page on which people take their data along, and bring some. */
@NullMarked
package live.millrace.platform.takeout.web;

import org.jspecify.annotations.NullMarked;
