// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.Farewell;
import live.millrace.platform.audience.GuestRemoved;
import live.millrace.platform.chat.internal.room.ChatEvents;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.writing.HeldTopic;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.socket.PageSockets;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What rooms of others forget of somebody who is gone: their name in the logs, and what they wrote where they wished so. */
@Component
class ForgottenPeople {
    private record Gone(long channelId, long seq) {}

    private final JdbcClient database;
    private final Farewell farewell;
    private final LiveRooms rooms;
    private final PageSockets sockets;
    private final HeldTopic held;
    private final AfterCommit afterCommit;

    ForgottenPeople(
            JdbcClient database,
            Farewell farewell,
            LiveRooms rooms,
            PageSockets sockets,
            HeldTopic held,
            AfterCommit afterCommit) {
        this.database = database;
        this.farewell = farewell;
        this.rooms = rooms;
        this.sockets = sockets;
        this.held = held;
        this.afterCommit = afterCommit;
    }

    /** While the account is still there. */
    @EventListener
    void on(AccountDeleted event) {
        long id = event.accountId();
        database.sql("update chat_action set target = '' where target_id = ?")
                .param(id)
                .update();
        database.sql("update chat_action set actor = '' where actor_id = ?")
                .param(id)
                .update();
        if (farewell.commentsGo(id)) {
            // In order, as whoever holds a room wants them.
            Map<Long, List<Long>> gone =
                    database
                            .sql("""
                    delete from chat_message m using (
                        select channel_id, seq from chat_message where account_id = ? order by channel_id, seq for update) mine
                    where m.channel_id = mine.channel_id and m.seq = mine.seq returning m.channel_id, m.seq
                    """)
                            .param(id)
                            .query((row, _) -> new Gone(row.getLong(1), row.getLong(2)))
                            .list()
                            .stream()
                            .collect(Collectors.groupingBy(
                                    Gone::channelId, Collectors.mapping(Gone::seq, Collectors.toList())));
            afterCommit.run(() ->
                    gone.forEach((channelId, seqs) -> rooms.loaded(channelId).ifPresent(room -> tell(room, seqs))));
        }
    }

    /** What a guest wrote and nobody saw yet: whoever bans one keeps it with the ban before they are off the list. */
    @EventListener
    void on(GuestRemoved event) {
        int dropped = database.sql("delete from chat_held_message where channel_id = ? and guest_id = ?")
                .param(event.channelId())
                .param(event.guestId())
                .update();
        if (dropped > 0) {
            afterCommit.run(() -> rooms.loaded(event.channelId()).ifPresent(held::changed));
        }
    }

    private void tell(Room room, List<Long> seqs) {
        List<Long> shown = seqs.stream().filter(seq -> seq >= room.firstSeq()).toList();
        if (!shown.isEmpty()) {
            sockets.publish(
                    LiveRooms.topic(room.channel()), () -> room.mark(shown, true), new ChatEvents.Removed(shown));
        }
    }
}
