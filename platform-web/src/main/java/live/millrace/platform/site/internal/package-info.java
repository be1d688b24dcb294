// SPDX-License-Identifier: Apache-2.0
/** Tables behind settings and announcements. */
@NullMarked
package live.millrace.platform.site.internal;

import org.jspecify.annotations.NullMarked;
