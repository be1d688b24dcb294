// SPDX-License-Identifier: Apache-2.0
/** Tables behind notices, what makes them, and what open pages are told of them. */
@NullMarked
package live.millrace.platform.notification.internal;

import org.jspecify.annotations.NullMarked;
