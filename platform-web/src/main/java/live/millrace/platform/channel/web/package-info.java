// SPDX-License-Identifier: Apache-2.0
/** Following, from pages and from programs. */
@NullMarked
package live.millrace.platform.channel.web;

import org.jspecify.annotations.NullMarked;
