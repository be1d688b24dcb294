// SPDX-License-Identifier: Apache-2.0
/** What the site says about itself. */
@NullMarked
package live.millrace.platform.site.web;

import org.jspecify.annotations.NullMarked;
