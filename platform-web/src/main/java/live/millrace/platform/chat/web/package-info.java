// SPDX-License-Identifier: Apache-2.0
/** Moderation over HTTP. */
@NullMarked
package live.millrace.platform.chat.web;

import org.jspecify.annotations.NullMarked;
