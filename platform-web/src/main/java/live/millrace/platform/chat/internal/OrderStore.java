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
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.StoredComment;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of order in rooms: actions, sanctions, removed lines, rights, the shield. */
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

    // ---- sanctions --------------------------------------------------------------------------------------------

    List<Sanction> sanctions(long channelId, Instant now, int most) {
        return database.sql("""
                select account_id, username, kind, until, broadcast, reason from chat_sanction
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
                row.getObject("account_id", Long.class),
                row.getString("username"),
                Sanction.Kind.valueOf(row.getString("kind")),
                until == null ? null : until.toInstant(),
                row.getBoolean("broadcast"),
                row.getString("reason"));
    }

    /** In the place of what there was. */
    void sanction(long channelId, Sanction sanction, long actionId, Instant now) {
        database.sql("""
                update chat_sanction set lifted_at = ?, lifted_action = ?
                where channel_id = ? and username = ? and lifted_at is null
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(sanction.username())
                .update();
        database.sql("""
                insert into chat_sanction (channel_id, account_id, username, kind, until, broadcast, reason, action_id, made_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (channel_id, username) where lifted_at is null do update set kind = excluded.kind,
                    until = excluded.until, broadcast = excluded.broadcast, reason = excluded.reason,
                    action_id = excluded.action_id, made_at = excluded.made_at
                """)
                .param(channelId)
                .param(sanction.accountId())
                .param(sanction.username())
                .param(sanction.kind().name())
                .param(sanction.until() == null ? null : Timestamp.from(sanction.until()))
                .param(sanction.broadcast())
                .param(sanction.reason())
                .param(actionId)
                .param(Timestamp.from(now))
                .update();
    }

    boolean lift(long channelId, String username, long actionId, Instant now) {
        return database.sql("""
                        update chat_sanction set lifted_at = ?, lifted_action = ?
                        where channel_id = ? and username = ? and lifted_at is null and (until is null or until > ?)
                        """)
                        .param(Timestamp.from(now))
                        .param(actionId)
                        .param(channelId)
                        .param(username)
                        .param(Timestamp.from(now))
                        .update()
                > 0;
    }

    /** Ends what was to last as long as the broadcast; answers whether there was any. */
    boolean liftOfBroadcast(long channelId, Instant now) {
        // No undo brings it back either.
        return database.sql("""
                        update chat_sanction set lifted_at = coalesce(lifted_at, ?), lifted_action = null
                        where channel_id = ? and broadcast and (lifted_at is null or lifted_action is not null)
                        """).param(Timestamp.from(now)).param(channelId).update() > 0;
    }

    /** Somebody took a name that was banned in advance; answers where. */
    List<Long> bind(long accountId, String username) {
        return database.sql(
                        "update chat_sanction set account_id = ? where username = ? and account_id is null returning channel_id")
                .param(accountId)
                .param(username)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /**
     * Bans all accounts younger than so many hours that wrote since a moment, but for moderators, staff and whoever followed before.
     *
     * @return their ids
     */
    Set<Long> sweep(long channelId, Instant since, int hours, long actionId, Instant now) {
        // One that has run out stands in the way of a new one.
        database.sql("update chat_sanction set lifted_at = :now where channel_id = :channel and lifted_at is null"
                        + " and until <= :now")
                .param("now", Timestamp.from(now))
                .param("channel", channelId)
                .update();
        return database.sql("""
                with raiders as (
                    select distinct m.account_id from chat_message m join account a on a.id = m.account_id
                    join channel c on c.id = m.channel_id
                    where m.channel_id = :channel and m.written_at >= :since and a.created_at > :born
                      and a.role in ('USER', 'STREAMER') and a.id <> c.account_id
                      and not exists (select from chat_moderator k where k.channel_id = :channel and k.account_id = a.id)
                      and not exists (select from channel_follow f
                                      where f.channel_id = :channel and f.account_id = a.id and f.followed_at < :since)
                )
                insert into chat_sanction (channel_id, account_id, username, kind, reason, action_id, made_at)
                select :channel, a.id, a.username, 'BAN', 'raid', :action, :now from account a join raiders r on r.account_id = a.id
                on conflict (channel_id, username) where lifted_at is null do nothing
                returning account_id
                """)
                .param("channel", channelId)
                .param("since", Timestamp.from(since))
                .param("born", Timestamp.from(now.minusSeconds(hours * 3_600L)))
                .param("action", actionId)
                .param("now", Timestamp.from(now))
                .query((row, _) -> row.getLong(1))
                .set();
    }

    // ---- lines ------------------------------------------------------------------------------------------------

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
    List<Long> removeOf(long channelId, Set<Long> accountIds, long actionId, Instant now) {
        return database.sql("""
                update chat_message set removed_at = ?, removed_action = ?
                where channel_id = ? and account_id = any(?) and removed_at is null returning seq
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(accountIds.toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .list();
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

    private static final String COMMENT = """
            select m.channel_id, m.seq, m.account_id, coalesce(a.username, '') as author, m.text, m.written_at,
                m.removed_at is not null as removed
            from chat_message m left join account a on a.id = m.account_id
            """;

    private static StoredComment comment(ResultSet row) throws SQLException {
        return new StoredComment(
                row.getLong("channel_id"),
                row.getLong("seq"),
                row.getObject("account_id", Long.class),
                row.getString("author"),
                row.getString("text"),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"));
    }

    Optional<StoredComment> comment(long channelId, long seq) {
        return database.sql(COMMENT + " where m.channel_id = ? and m.seq = ?")
                .param(channelId)
                .param(seq)
                .query((row, _) -> comment(row))
                .optional();
    }

    List<StoredComment> around(long channelId, long seq, int each) {
        return database.sql(COMMENT + " where m.channel_id = ? and m.seq between ? and ? order by m.seq")
                .param(channelId)
                .param(seq - each)
                .param(seq + each)
                .query((row, _) -> comment(row))
                .list();
    }

    /** The oldest first. */
    List<StoredComment> latest(long channelId, int most) {
        return database.sql(COMMENT + " where m.channel_id = ? order by m.seq desc limit ?")
                .param(channelId)
                .param(most)
                .query((row, _) -> comment(row))
                .list()
                .reversed();
    }

    int comments(long channelId, long accountId) {
        return database.sql("select count(*) from chat_message where channel_id = ? and account_id = ?")
                .param(channelId)
                .param(accountId)
                .query((row, _) -> row.getInt(1))
                .single();
    }

    Optional<Long> pinned(long channelId) {
        return database.sql("select pinned_seq from chat_room where channel_id = ? and pinned_seq is not null")
                .param(channelId)
                .query((row, _) -> row.getLong(1))
                .optional();
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

    /**
     * Forgets old lines; rooms know by themselves how far they are numbered. Lines that somebody holds at this moment are left for the
     * next time: two who want the same lines, each in another order, would wait for each other.
     */
    void forgetComments(Instant before) {
        database.sql("""
                delete from chat_message m using (
                    select channel_id, seq from chat_message where written_at < :before
                    order by channel_id, seq for update skip locked) old
                where m.channel_id = old.channel_id and m.seq = old.seq
                """).param("before", Timestamp.from(before)).update();
    }

    /**
     * Forgets pins of lines that are gone. Never in one transaction with what forgets them: who bans holds the room and then wants its
     * lines.
     */
    void forgetPins() {
        database.sql("""
                update chat_room r set pinned_seq = null
                where pinned_seq is not null
                  and not exists (select from chat_message m where m.channel_id = r.channel_id and m.seq = r.pinned_seq)
                """).update();
    }
}
