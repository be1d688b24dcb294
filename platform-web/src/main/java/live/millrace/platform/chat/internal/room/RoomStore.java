// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.picture.Pictures;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of rooms: rules, emotes, moderators, the shield, the pinned message, who may not write. */
@Repository
public class RoomStore {
    private final JdbcClient database;

    RoomStore(JdbcClient database) {
        this.database = database;
    }

    /** Holds a room until the transaction ends: actions come one after the other, and an undo sees all that came before it. */
    public void lock(long channelId) {
        ensureRoom(channelId);
        database.sql("select channel_id from chat_room where channel_id = ? for update")
                .param(channelId)
                .query(Long.class)
                .single();
    }

    private void ensureRoom(long channelId) {
        database.sql("insert into chat_room (channel_id) values (?) on conflict do nothing")
                .param(channelId)
                .update();
    }

    // ---- rules ------------------------------------------------------------------------------------------------

    ChatSettings settings(long channelId) {
        return database.sql("""
                select writers, follow_minutes, slow_seconds, links, allow_duplicates, guests from chat_room where channel_id = ?
                """)
                .param(channelId)
                .query((row, _) -> new ChatSettings(
                        ChatSettings.Writers.valueOf(row.getString(1)),
                        row.getInt(2),
                        row.getInt(3),
                        ChatSettings.Links.valueOf(row.getString(4)),
                        row.getBoolean(5),
                        row.getBoolean(6)))
                .optional()
                .orElse(ChatSettings.DEFAULT);
    }

    void change(long channelId, ChatSettings settings) {
        database.sql("""
                insert into chat_room (channel_id, writers, follow_minutes, slow_seconds, links, allow_duplicates, guests)
                values (:channel, :writers, :minutes, :slow, :links, :duplicates, :guests)
                on conflict (channel_id) do update set writers = excluded.writers,
                    follow_minutes = excluded.follow_minutes, slow_seconds = excluded.slow_seconds,
                    links = excluded.links, allow_duplicates = excluded.allow_duplicates,
                    guests = excluded.guests
                """)
                .param("channel", channelId)
                .param("writers", settings.writers().name())
                .param("minutes", settings.followMinutes())
                .param("slow", settings.slowSeconds())
                .param("links", settings.links().name())
                .param("duplicates", settings.allowDuplicates())
                .param("guests", settings.guests())
                .update();
    }

    /** How long somebody waits between two messages; nothing else of the rules. */
    public void slow(long channelId, int seconds) {
        ensureRoom(channelId);
        database.sql("update chat_room set slow_seconds = ? where channel_id = ?")
                .param(seconds)
                .param(channelId)
                .update();
    }

    /** Who writes; nothing else of the rules. */
    public void writers(long channelId, ChatSettings.Writers writers, int followMinutes) {
        ensureRoom(channelId);
        database.sql("update chat_room set writers = ?, follow_minutes = ? where channel_id = ?")
                .param(writers.name())
                .param(followMinutes)
                .param(channelId)
                .update();
    }

    // ---- emotes -----------------------------------------------------------------------------------------------

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

    /** Takes all emotes of a channel away; answers their pictures. */
    List<String> removeEmotes(long channelId) {
        return database.sql("delete from chat_emote where channel_id = ? returning picture")
                .param(channelId)
                .query((row, _) -> row.getString(1))
                .list();
    }

    // ---- the shield -------------------------------------------------------------------------------------------

    public Shield shield(long channelId) {
        return database.sql(
                        "select auto_shield, shield_hours, shield_since, shield_until from chat_room where channel_id = ?")
                .param(channelId)
                .query((row, _) -> {
                    Timestamp since = row.getTimestamp(3);
                    Timestamp until = row.getTimestamp(4);
                    return new Shield(
                            row.getBoolean(1),
                            row.getInt(2),
                            since == null ? null : since.toInstant(),
                            until == null ? null : until.toInstant());
                })
                .optional()
                .orElse(Shield.DOWN);
    }

    public void raise(long channelId, @Nullable Instant since, @Nullable Instant until) {
        ensureRoom(channelId);
        database.sql("update chat_room set shield_since = :since, shield_until = :until where channel_id = :channel")
                .param("since", since == null ? null : Timestamp.from(since), java.sql.Types.TIMESTAMP)
                .param("until", until == null ? null : Timestamp.from(until), java.sql.Types.TIMESTAMP)
                .param("channel", channelId)
                .update();
    }

    void configureShield(long channelId, boolean auto, int hours) {
        ensureRoom(channelId);
        database.sql("update chat_room set auto_shield = ?, shield_hours = ? where channel_id = ?")
                .param(auto)
                .param(hours)
                .param(channelId)
                .update();
    }

    // ---- whom it is for ---------------------------------------------------------------------------------------

    long floor(long channelId) {
        return database.sql("select floor_seq from chat_room where channel_id = ?")
                .param(channelId)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /** What was written so far is for those alone whom it was for then, also what is pinned; answers its last number. */
    long raiseFloor(long channelId) {
        return database.sql("""
                insert into chat_room (channel_id, last_seq, floor_seq)
                select :channel, coalesce(max(seq), 0), coalesce(max(seq), 0) from chat_message where channel_id = :channel
                on conflict (channel_id) do update set floor_seq = greatest(chat_room.last_seq, excluded.last_seq),
                    pinned_seq = null, pin_action = null
                returning floor_seq
                """).param("channel", channelId).query(Long.class).single();
    }

    // ---- moderators, and who may not write --------------------------------------------------------------------

    Map<Long, Set<ChatRight>> moderators(long channelId) {
        Map<Long, Set<ChatRight>> rights = new HashMap<>();
        database.sql("select account_id, rights from chat_moderator where channel_id = ?")
                .param(channelId)
                .query((row, _) -> rights.put(
                        row.getLong(1), rights((String[]) row.getArray(2).getArray())))
                .list();
        return Map.copyOf(rights);
    }

    private static Set<ChatRight> rights(String[] names) {
        EnumSet<ChatRight> rights = EnumSet.noneOf(ChatRight.class);
        Arrays.stream(names).map(ChatRight::valueOf).forEach(rights::add);
        return Set.copyOf(rights);
    }

    void putModerator(long channelId, long accountId, Set<ChatRight> rights) {
        database.sql("""
                insert into chat_moderator (channel_id, account_id, rights) values (:channel, :account, :rights)
                on conflict (channel_id, account_id) do update set rights = excluded.rights
                """)
                .param("channel", channelId)
                .param("account", accountId)
                .param("rights", rights.stream().map(Enum::name).sorted().toArray(String[]::new))
                .update();
    }

    void removeModerator(long channelId, long accountId) {
        database.sql("delete from chat_moderator where channel_id = ? and account_id = ?")
                .param(channelId)
                .param(accountId)
                .update();
    }

    public List<Sanction> sanctions(long channelId, Instant now, int most) {
        return database.sql("""
                select account_id, guest_id, guest_name, username, kind, until, broadcast, reason from chat_sanction
                where channel_id = ? and lifted_at is null and (until is null or until > ?) order by id desc limit ?
                """)
                .param(channelId)
                .param(Timestamp.from(now))
                .param(most)
                .query((row, _) -> sanction(row))
                .list();
    }

    private static Sanction sanction(ResultSet row) throws SQLException {
        Timestamp until = row.getTimestamp("until");
        return new Sanction(
                TalkerRow.read(row).orElse(null),
                row.getString("username"),
                Sanction.Kind.valueOf(row.getString("kind")),
                until == null ? null : until.toInstant(),
                row.getBoolean("broadcast"),
                row.getString("reason"));
    }

    public Optional<Long> pinned(long channelId) {
        return database.sql("select pinned_seq from chat_room where channel_id = ? and pinned_seq is not null")
                .param(channelId)
                .query((row, _) -> row.getLong(1))
                .optional();
    }
}
