// SPDX-License-Identifier: Apache-2.0
/** The way of a message from a page into the database and to all who are in the room. */
@NullMarked
package live.millrace.platform.chat.internal.writing;

import org.jspecify.annotations.NullMarked;
