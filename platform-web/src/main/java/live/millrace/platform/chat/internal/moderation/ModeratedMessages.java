// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import live.millrace.platform.chat.Talker;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of messages, as far as moderators remove them and time forgets them, with the pins of those that are gone. */
@Repository
class ModeratedMessages {
    private final JdbcClient database;

    ModeratedMessages(JdbcClient database) {
        this.database = database;
    }

    /** Answers the numbers of those that were there. */
    List<Long> remove(long channelId, List<Long> seqs, long actionId, Instant now) {
        return database.sql("""
                update chat_message set removed_at = ?, removed_action = ?
                where channel_id = ? and seq = any(?) and removed_at is null returning seq
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(seqs.toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** All of some people's. */
    List<Long> removeOf(long channelId, Set<? extends Talker> whose, long actionId, Instant now) {
        return database.sql("""
                update chat_message set removed_at = ?, removed_action = ?
                where channel_id = ? and (account_id = any(?) or guest_id = any(?)) and removed_at is null returning seq
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(ids(whose, Talker::account))
                .param(ids(whose, Talker::guest))
                .query((row, _) -> row.getLong(1))
                .list();
    }

    static Long[] ids(Collection<? extends Talker> talkers, Function<Talker, @Nullable Long> id) {
        return talkers.stream()
                .flatMap(talker -> Stream.ofNullable(id.apply(talker)))
                .toArray(Long[]::new);
    }

    /** All from a number on. */
    List<Long> removeFrom(long channelId, long fromSeq, long actionId, Instant now) {
        return database.sql("""
                update chat_message set removed_at = ?, removed_action = ?
                where channel_id = ? and seq >= ? and removed_at is null returning seq
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(fromSeq)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /**
     * Forgets old messages; rooms know by themselves how far they are numbered. Messages that somebody holds at this moment are
     * left for the next time: two who want the same messages, each in another order, would wait for each other.
     */
    void forgetMessages(Instant before) {
        database.sql("""
                delete from chat_message m using (
                    select channel_id, seq from chat_message where written_at < :before
                    order by channel_id, seq for update skip locked) old
                where m.channel_id = old.channel_id and m.seq = old.seq
                """).param("before", Timestamp.from(before)).update();
    }

    /**
     * Forgets pins of messages that are gone. Never in one transaction with what forgets them: who bans holds the room and then
     * wants its messages.
     */
    void forgetPins() {
        database.sql("""
                update chat_room r set pinned_seq = null
                where pinned_seq is not null
                  and not exists (select from chat_message m where m.channel_id = r.channel_id and m.seq = r.pinned_seq)
                """).update();
    }
}
