// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import live.millrace.platform.channel.ChannelVisibilityChanged;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** What was said before few is not read by the many who come after: a room has a floor, which rises whenever more people may see its channel. */
@Component
class RoomFloors {
    /** Before open pages come back. */
    private static final int FIRST = 0;

    private final LiveRooms rooms;
    private final RoomStore store;

    RoomFloors(LiveRooms rooms, RoomStore store) {
        this.rooms = rooms;
        this.store = store;
    }

    /** In the transaction that changes it, which whoever writes waits for. Should it fail, some lines are missing for a while. */
    @EventListener
    void raise(ChannelVisibilityChanged event) {
        if (event.widened()) {
            rooms.raiseFloor(event.channelId(), store.raiseFloor(event.channelId()));
        }
    }

    @TransactionalEventListener
    @Order(FIRST)
    void show(ChannelVisibilityChanged event) {
        rooms.shown(event.channelId(), event.name());
    }
}
