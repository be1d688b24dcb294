// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import live.millrace.platform.chat.internal.room.Room;

/** A room is flooded at this moment, see {@link FloodWatch}. Told on the thread of whoever writes. */
public record RoomFlooded(Room room) {}
