// SPDX-License-Identifier: Apache-2.0
/** The studio's pages. */
@NullMarked
package live.millrace.platform.studio.web;

import org.jspecify.annotations.NullMarked;
