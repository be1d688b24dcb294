// SPDX-License-Identifier: Apache-2.0
/** Moderators' commands, what was done by them, and how it is taken back. */
@NullMarked
package live.millrace.platform.chat.internal.moderation;

import org.jspecify.annotations.NullMarked;
