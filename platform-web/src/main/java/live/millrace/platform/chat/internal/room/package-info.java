// SPDX-License-Identifier: Apache-2.0
/** Rooms in memory and in the database: rules, people, the last messages, and the events that pages are told. */
@NullMarked
package live.millrace.platform.chat.internal.room;

import org.jspecify.annotations.NullMarked;
