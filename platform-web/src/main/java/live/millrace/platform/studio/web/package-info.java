// SPDX-License-Identifier: Apache-2.0
/** The studio's pages, and the studio for programs. */
@NullMarked
package live.millrace.platform.studio.web;

import org.jspecify.annotations.NullMarked;
