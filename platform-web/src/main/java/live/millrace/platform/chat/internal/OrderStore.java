// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of order in rooms: actions, rules, moderators, the shield. */
@Repository
class OrderStore {
    /** Until when and since when a room's shield is up. */
    record Shield(
            boolean auto,
            int hours,
            @Nullable Instant since,
            @Nullable Instant until) {
        static final Shield DOWN = new Shield(true, 24, null, null);

        boolean up(Instant now) {
            return until != null && until.isAfter(now);
        }
    }

    /** Somebody that an action hits; the id is null while nobody has the name. */
    record Target(@Nullable Long accountId, String username) {
        static final Target NOBODY = new Target(null, "");
    }

    private final JdbcClient database;

    OrderStore(JdbcClient database) {
        this.database = database;
    }

    // ---- actions ----------------------------------------------------------------------------------------------

    long addAction(
            long channelId,
            Actor actor,
            String kind,
            Target target,
            String excerpt,
            String reason,
            @Nullable Instant until,
            Instant now) {
        return database.sql("""
                insert into chat_action (channel_id, actor_id, actor, kind, target_id, target, excerpt, reason, until, at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
                """)
                .param(channelId)
                .param(actor.accountId())
                .param(actor.name())
                .param(kind)
                .param(target.accountId())
                .param(target.username())
                .param(excerpt)
                .param(reason)
                .param(until == null ? null : Timestamp.from(until))
                .param(Timestamp.from(now))
                .query((row, _) -> row.getLong(1))
                .single();
    }

    /** Whether an act is written down: it is not when its transaction failed. */
    boolean recorded(long actionId) {
        return database.sql("select exists (select from chat_action where id = ?)")
                .param(actionId)
                .query(Boolean.class)
                .single();
    }

    /** Whether an act stands that nobody took back. */
    boolean inForce(long actionId) {
        return database.sql("select exists (select from chat_action where id = ? and undone_at is null)")
                .param(actionId)
                .query(Boolean.class)
                .single();
    }

    /** Holds a room until the transaction ends: acts come one after the other, and an undo sees all that came before it. */
    void lock(long channelId) {
        ensureRoom(channelId);
        database.sql("select channel_id from chat_room where channel_id = ? for update")
                .param(channelId)
                .query(Long.class)
                .single();
    }

    List<ChatAction> actions(long channelId, @Nullable Long targetId, long before, int most) {
        return database.sql("""
                select id, actor, kind, target, excerpt, reason, until, at, undone_at from chat_action
                where channel_id = :channel and id < :before and (:target < 0 or target_id = :target)
                order by id desc limit :most
                """)
                .param("channel", channelId)
                .param("before", before)
                .param("target", targetId == null ? -1L : targetId)
                .param("most", most)
                .query((row, _) -> action(row))
                .list();
    }

    static ChatAction action(ResultSet row) throws SQLException {
        Timestamp until = row.getTimestamp("until");
        return new ChatAction(
                row.getLong("id"),
                row.getString("actor"),
                row.getString("kind"),
                row.getString("target"),
                row.getString("excerpt"),
                row.getString("reason"),
                until == null ? null : until.toInstant(),
                row.getTimestamp("at").toInstant(),
                row.getTimestamp("undone_at") != null);
    }

    private void ensureRoom(long channelId) {
        database.sql("insert into chat_room (channel_id) values (?) on conflict do nothing")
                .param(channelId)
                .update();
    }

    // ---- the shield -------------------------------------------------------------------------------------------

    Shield shield(long channelId) {
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

    void raise(long channelId, @Nullable Instant since, @Nullable Instant until) {
        ensureRoom(channelId);
        database.sql("update chat_room set shield_since = :since, shield_until = :until where channel_id = :channel")
                .param("since", since == null ? null : Timestamp.from(since), java.sql.Types.TIMESTAMP)
                .param("until", until == null ? null : Timestamp.from(until), java.sql.Types.TIMESTAMP)
                .param("channel", channelId)
                .update();
    }

    /** How long somebody waits between two lines; nothing else of the rules. */
    void slow(long channelId, int seconds) {
        ensureRoom(channelId);
        database.sql("update chat_room set slow_seconds = ? where channel_id = ?")
                .param(seconds)
                .param(channelId)
                .update();
    }

    /** Who writes; nothing else of the rules. */
    void writers(long channelId, ChatSettings.Writers writers, int followMinutes) {
        ensureRoom(channelId);
        database.sql("update chat_room set writers = ?, follow_minutes = ? where channel_id = ?")
                .param(writers.name())
                .param(followMinutes)
                .param(channelId)
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

    // ---- moderators -------------------------------------------------------------------------------------------

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
}
