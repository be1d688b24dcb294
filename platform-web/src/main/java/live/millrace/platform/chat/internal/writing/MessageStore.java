// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.TalkerRow;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of messages, as it is written. */
@Repository
public class MessageStore {
    /** Where a message is stored. */
    public record Kept(long channelId, long seq) {}

    private static final int LOCK_MILLIS = 1_000;

    private final JdbcClient database;
    private final JdbcTemplate batches;

    MessageStore(JdbcClient database, JdbcTemplate batches) {
        this.database = database;
        this.batches = batches;
    }

    /**
     * Stores the messages of one room that are not stored yet, with the room's next numbers. Within a transaction: whoever numbers
     * messages of the same room waits until it ends, and numbers of one that failed are given again.
     *
     * @return where every message is that is stored now; one that waited and that somebody else denied is not among them
     * @throws org.springframework.dao.DataIntegrityViolationException when one of them cannot be stored; then none is
     */
    public Map<Draft.Id, Kept> insert(long channelId, List<Draft> drafts) {
        limitWaits();
        if (drafts.stream().anyMatch(draft -> draft.allowed() != null)) {
            // The room before the messages that wait, as moderators take them: never one each and both wanting
            // the other's.
            number(channelId, 0);
        }
        Map<Draft.Id, Kept> kept = find(drafts);
        Map<Draft.Id, Draft> fresh = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            if (!kept.containsKey(draft.id()) && (draft.allowed() == null || tookHeld(draft.id()))) {
                fresh.putIfAbsent(draft.id(), draft);
            }
        }
        if (fresh.isEmpty()) {
            return kept;
        }
        long seq = number(channelId, fresh.size()) - fresh.size();
        List<Object[]> rows = new ArrayList<>();
        for (Draft draft : fresh.values()) {
            kept.put(draft.id(), new Kept(channelId, ++seq));
            rows.add(new Object[] {
                channelId,
                seq,
                draft.talker().account(),
                draft.talker().guest(),
                draft.talker().guestName(),
                draft.clientId(),
                draft.text(),
                draft.answers(),
                Timestamp.from(draft.at())
            });
        }
        batches.batchUpdate(
                "insert into chat_message"
                        + " (channel_id, seq, account_id, guest_id, guest_name, client_id, text, reply_to, written_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows);
        return kept;
    }

    /**
     * Which of some messages are stored, when a transaction that stored them ended without an answer. Within a transaction: waits
     * for that one, should it still be on its way.
     */
    public Map<Draft.Id, Kept> settled(long channelId, List<Draft> drafts) {
        limitWaits();
        number(channelId, 0);
        return find(drafts);
    }

    /** One thread writes for all rooms: it does not wait long for whoever holds one. */
    private void limitWaits() {
        database.sql("select set_config('lock_timeout', ?, true)")
                .param(LOCK_MILLIS + "ms")
                .query(String.class)
                .single();
    }

    /**
     * Takes the room's next numbers; answers the last of them. Never behind messages that came in by another way, as from a backup.
     */
    private long number(long channelId, int messages) {
        return database.sql("""
                insert into chat_room (channel_id, last_seq)
                select :channel, coalesce(max(seq), 0) + :messages from chat_message where channel_id = :channel
                on conflict (channel_id) do update
                    set last_seq = greatest(chat_room.last_seq, excluded.last_seq - :messages) + :messages
                returning last_seq
                """)
                .param("channel", channelId)
                .param("messages", messages)
                .query(Long.class)
                .single();
    }

    private Map<Draft.Id, Kept> find(List<Draft> drafts) {
        Map<Draft.Id, Kept> found = new HashMap<>();
        find(found, "account_id", Talker::account, drafts);
        find(found, "guest_id", Talker::guest, drafts);
        return found;
    }

    /** @param column with an index of its own: one of both at once would be found by none */
    private void find(
            Map<Draft.Id, Kept> found, String column, Function<Talker, @Nullable Long> id, List<Draft> drafts) {
        List<Draft> theirs = drafts.stream()
                .filter(draft -> id.apply(draft.talker()) != null)
                .toList();
        if (theirs.isEmpty()) {
            return;
        }
        database.sql("""
                select m.account_id, m.guest_id, m.guest_name, m.client_id, m.channel_id, m.seq from chat_message m
                join unnest(:ids::bigint[], :clients::text[]) as sent (id, client_id)
                    on m.%s = sent.id and m.client_id = sent.client_id::uuid
                """.formatted(column))
                .param(
                        "ids",
                        theirs.stream().map(draft -> id.apply(draft.talker())).toArray(Long[]::new))
                .param(
                        "clients",
                        theirs.stream()
                                .map(draft -> draft.clientId().toString())
                                .toArray(String[]::new))
                .query(row -> {
                    UUID clientId = row.getObject("client_id", UUID.class);
                    Kept kept = new Kept(row.getLong("channel_id"), row.getLong("seq"));
                    TalkerRow.read(row).ifPresent(talker -> found.put(new Draft.Id(talker, clientId), kept));
                });
    }

    private boolean tookHeld(Draft.Id id) {
        return database.sql("delete from chat_held_message where (account_id = ? or guest_id = ?) and client_id = ?")
                        .param(id.talker().account())
                        .param(id.talker().guest())
                        .param(id.clientId())
                        .update()
                > 0;
    }

    /** The number of a message that its page has sent before. */
    OptionalLong find(Talker talker, UUID clientId) {
        return database.sql("select seq from chat_message where (account_id = ? or guest_id = ?) and client_id = ?")
                .param(talker.account())
                .param(talker.guest())
                .param(clientId)
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }
}
