// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import live.millrace.platform.channel.ChannelRemoved;
import live.millrace.platform.picture.Pictures;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** What a room leaves behind when its channel goes: the pictures of its emotes, and itself in memory. */
@Component
class RemovedChannels {
    private final LiveRooms rooms;
    private final RoomStore store;
    private final Pictures pictures;

    RemovedChannels(LiveRooms rooms, RoomStore store, Pictures pictures) {
        this.rooms = rooms;
        this.store = store;
        this.pictures = pictures;
    }

    /** While the rows are still there. The room is taken first, as whoever writes or moderates in it takes it: never one each. */
    @EventListener
    void takePictures(ChannelRemoved event) {
        store.lock(event.channelId());
        store.removeEmotes(event.channelId()).forEach(pictures::delete);
    }

    @TransactionalEventListener
    void forgetRoom(ChannelRemoved event) {
        rooms.gone(event.channelId(), event.name());
    }
}
