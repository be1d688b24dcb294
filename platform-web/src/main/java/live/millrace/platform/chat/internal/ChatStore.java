// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.picture.Pictures;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of rooms. */
@Repository
class ChatStore {
    /** A line as it is stored. */
    record StoredLine(
            long seq,
            @Nullable Long accountId,
            String text,
            @Nullable Long replyTo,
            Instant at,
            boolean removed) {}

    /** Where a line is stored. */
    record Kept(long channelId, long seq) {}

    record StoredHeld(
            long id,
            long accountId,
            UUID clientId,
            String text,
            @Nullable Long replyTo,
            Instant at,
            String reason) {}

    private static final int LOCK_MILLIS = 1_000;

    private final JdbcClient database;
    private final JdbcTemplate batches;

    ChatStore(JdbcClient database, JdbcTemplate batches) {
        this.database = database;
        this.batches = batches;
    }

    // ---- lines ------------------------------------------------------------------------------------------------

    long lastSeq(long channelId) {
        return database.sql("""
                select greatest(
                    (select coalesce(max(seq), 0) from chat_message where channel_id = :channel),
                    (select coalesce(max(last_seq), 0) from chat_room where channel_id = :channel))
                """).param("channel", channelId).query(Long.class).single();
    }

    /** The last lines, the oldest first. */
    List<StoredLine> last(long channelId, int most) {
        List<StoredLine> found = new ArrayList<>(database.sql("""
                select seq, account_id, text, reply_to, written_at, removed_at is not null as removed from chat_message
                where channel_id = ? order by seq desc limit ?
                """)
                .param(channelId)
                .param(most)
                .query((row, _) -> line(row))
                .list());
        Collections.reverse(found);
        return found;
    }

    private static StoredLine line(ResultSet row) throws SQLException {
        return new StoredLine(
                row.getLong("seq"),
                row.getObject("account_id", Long.class),
                row.getString("text"),
                row.getObject("reply_to", Long.class),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"));
    }

    /**
     * Stores the lines of one room that are not stored yet, with the room's next numbers. Within a transaction: whoever numbers lines of
     * the same room waits until it ends, and numbers of one that failed are given again.
     *
     * @return where every line is that is stored now; one that waited and that somebody else denied is not among them
     * @throws org.springframework.dao.DataIntegrityViolationException when one of them cannot be stored; then none is
     */
    Map<Draft.Id, Kept> insert(long channelId, List<Draft> drafts) {
        limitWaits();
        if (drafts.stream().anyMatch(draft -> draft.allowed() != null)) {
            // The room before the lines that wait, as those who act in it take them: never one each and both wanting
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
                draft.accountId(),
                draft.clientId(),
                draft.text(),
                draft.replyTo(),
                Timestamp.from(draft.at())
            });
        }
        batches.batchUpdate(
                "insert into chat_message (channel_id, seq, account_id, client_id, text, reply_to, written_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                rows);
        return kept;
    }

    /**
     * Which of some lines are stored, when a transaction that stored them ended without an answer. Within a transaction: waits for that
     * one, should it still be on its way.
     */
    Map<Draft.Id, Kept> settled(long channelId, List<Draft> drafts) {
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

    /** Takes the room's next numbers; answers the last of them. Never behind lines that came in by another way, as from a backup. */
    private long number(long channelId, int lines) {
        return database.sql("""
                insert into chat_room (channel_id, last_seq)
                select :channel, coalesce(max(seq), 0) + :lines from chat_message where channel_id = :channel
                on conflict (channel_id) do update
                    set last_seq = greatest(chat_room.last_seq, excluded.last_seq - :lines) + :lines
                returning last_seq
                """)
                .param("channel", channelId)
                .param("lines", lines)
                .query(Long.class)
                .single();
    }

    private Map<Draft.Id, Kept> find(List<Draft> drafts) {
        Map<Draft.Id, Kept> found = new HashMap<>();
        database.sql("""
                select m.account_id, m.client_id, m.channel_id, m.seq from chat_message m
                join unnest(:accounts::bigint[], :clients::text[]) as sent (account_id, client_id)
                    on m.account_id = sent.account_id and m.client_id = sent.client_id::uuid
                """)
                .param("accounts", drafts.stream().map(Draft::accountId).toArray(Long[]::new))
                .param(
                        "clients",
                        drafts.stream()
                                .map(draft -> draft.clientId().toString())
                                .toArray(String[]::new))
                .query(row -> {
                    found.put(
                            new Draft.Id(row.getLong("account_id"), row.getObject("client_id", UUID.class)),
                            new Kept(row.getLong("channel_id"), row.getLong("seq")));
                });
        return found;
    }

    private boolean tookHeld(Draft.Id id) {
        return database.sql("delete from chat_held where account_id = ? and client_id = ?")
                        .param(id.accountId())
                        .param(id.clientId())
                        .update()
                > 0;
    }

    /** The number of a line that its page has sent before. */
    OptionalLong find(long accountId, UUID clientId) {
        return database.sql("select seq from chat_message where account_id = ? and client_id = ?")
                .param(accountId)
                .param(clientId)
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    // ---- lines that wait --------------------------------------------------------------------------------------

    void hold(Draft draft, String reason) {
        database.sql("""
                insert into chat_held (channel_id, account_id, client_id, text, reply_to, held_at, reason)
                values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """)
                .param(draft.room().channel().id())
                .param(draft.accountId())
                .param(draft.clientId())
                .param(draft.text())
                .param(draft.replyTo())
                .param(Timestamp.from(draft.at()))
                .param(reason)
                .update();
    }

    int heldCount(long channelId) {
        return database.sql("select count(*) from chat_held where channel_id = ?")
                .param(channelId)
                .query(Integer.class)
                .single();
    }

    List<StoredHeld> held(long channelId, int most) {
        return database.sql("""
                select id, account_id, client_id, text, reply_to, held_at, reason from chat_held
                where channel_id = ? order by id limit ?
                """)
                .param(channelId)
                .param(most)
                .query((row, _) -> heldLine(row))
                .list();
    }

    private static StoredHeld heldLine(ResultSet row) throws SQLException {
        return new StoredHeld(
                row.getLong("id"),
                row.getLong("account_id"),
                row.getObject("client_id", UUID.class),
                row.getString("text"),
                row.getObject("reply_to", Long.class),
                row.getTimestamp("held_at").toInstant(),
                row.getString("reason"));
    }

    /** A line that waits; empty when somebody decided already. */
    Optional<StoredHeld> findHeld(long channelId, long id) {
        return database.sql("""
                select id, account_id, client_id, text, reply_to, held_at, reason from chat_held
                where channel_id = ? and id = ?
                """)
                .param(channelId)
                .param(id)
                .query((row, _) -> heldLine(row))
                .optional();
    }

    /** Takes a line from those that wait; empty when somebody else did. */
    Optional<StoredHeld> takeHeld(long channelId, long id) {
        return database.sql("""
                delete from chat_held where channel_id = ? and id = ?
                returning id, account_id, client_id, text, reply_to, held_at, reason
                """)
                .param(channelId)
                .param(id)
                .query((row, _) -> heldLine(row))
                .optional();
    }

    // ---- rules, emotes, moderators ----------------------------------------------------------------------------

    ChatSettings settings(long channelId) {
        return database.sql("""
                select writers, follow_minutes, slow_seconds, links, allow_duplicates from chat_room where channel_id = ?
                """)
                .param(channelId)
                .query((row, _) -> new ChatSettings(
                        ChatSettings.Writers.valueOf(row.getString(1)),
                        row.getInt(2),
                        row.getInt(3),
                        ChatSettings.Links.valueOf(row.getString(4)),
                        row.getBoolean(5)))
                .optional()
                .orElse(ChatSettings.DEFAULT);
    }

    void change(long channelId, ChatSettings settings) {
        database.sql("""
                insert into chat_room (channel_id, writers, follow_minutes, slow_seconds, links, allow_duplicates)
                values (:channel, :writers, :minutes, :slow, :links, :duplicates)
                on conflict (channel_id) do update set writers = excluded.writers,
                    follow_minutes = excluded.follow_minutes, slow_seconds = excluded.slow_seconds,
                    links = excluded.links, allow_duplicates = excluded.allow_duplicates
                """)
                .param("channel", channelId)
                .param("writers", settings.writers().name())
                .param("minutes", settings.followMinutes())
                .param("slow", settings.slowSeconds())
                .param("links", settings.links().name())
                .param("duplicates", settings.allowDuplicates())
                .update();
    }

    List<Emote> emotes(long channelId) {
        return database.sql("select code, picture from chat_emote where channel_id = ? order by code")
                .param(channelId)
                .query((row, _) -> new Emote(row.getString(1), Pictures.address(row.getString(2))))
                .list();
    }

    /** Answers the picture that it had before. */
    Optional<String> addEmote(long channelId, String code, String picture) {
        Optional<String> before = removeEmote(channelId, code);
        database.sql("""
                insert into chat_emote (channel_id, code, picture) values (?, ?, ?)
                on conflict (channel_id, code) do update set picture = excluded.picture
                """).param(channelId).param(code).param(picture).update();
        return before;
    }

    /** Answers the picture that it had. */
    Optional<String> removeEmote(long channelId, String code) {
        return database.sql("delete from chat_emote where channel_id = ? and code = ? returning picture")
                .param(channelId)
                .param(code)
                .query((row, _) -> row.getString(1))
                .optional();
    }

    void removeModerator(long channelId, long accountId) {
        database.sql("delete from chat_moderator where channel_id = ? and account_id = ?")
                .param(channelId)
                .param(accountId)
                .update();
    }
}
