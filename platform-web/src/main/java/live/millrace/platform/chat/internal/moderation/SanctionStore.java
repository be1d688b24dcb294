// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.platform.account.Role;
import live.millrace.platform.audience.AudienceChanged;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who may not write where, and until when: the table of sanctions. */
@Repository
class SanctionStore {
    private final JdbcClient database;
    private final ApplicationEventPublisher events;

    SanctionStore(JdbcClient database, ApplicationEventPublisher events) {
        this.database = database;
        this.events = events;
    }

    /** In the place of what there was. */
    void sanction(long channelId, Sanction sanction, long actionId, Instant now) {
        Talker whom = sanction.whom();
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
                insert into chat_sanction
                    (channel_id, account_id, guest_id, guest_name, username, kind, until, broadcast, reason, action_id, made_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (channel_id, username) where lifted_at is null do update set kind = excluded.kind,
                    until = excluded.until, broadcast = excluded.broadcast, reason = excluded.reason,
                    action_id = excluded.action_id, made_at = excluded.made_at
                """)
                .param(channelId)
                .param(whom == null ? null : whom.account())
                .param(whom == null ? null : whom.guest())
                .param(whom == null ? null : whom.guestName())
                .param(sanction.username())
                .param(sanction.kind().name())
                .param(sanction.until() == null ? null : Timestamp.from(sanction.until()))
                .param(sanction.broadcast())
                .param(sanction.reason())
                .param(actionId)
                .param(Timestamp.from(now))
                .update();
        if (sanction.kind() == Sanction.Kind.BAN && whom instanceof Talker.Person(long accountId)) {
            events.publishEvent(new AudienceChanged(channelId, accountId));
        }
    }

    /** Whether what is in force was done by one of the site's staff, of a role above this one. */
    boolean standsAbove(Role role, long channelId, String username, Instant now) {
        return database
                .sql("""
                select m.role from chat_sanction s join chat_action t on t.id = s.action_id
                join account m on m.id = t.actor_id
                where s.channel_id = ? and s.username = ? and s.lifted_at is null and (s.until is null or s.until > ?)
                """)
                .param(channelId)
                .param(username)
                .param(Timestamp.from(now))
                .query((row, _) -> Role.valueOf(row.getString(1)))
                .list()
                .stream()
                .anyMatch(maker -> maker.atLeast(Role.MODERATOR) && !role.atLeast(maker));
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
                        "update chat_sanction set account_id = ? where username = ? and account_id is null and guest_id is null returning channel_id")
                .param(accountId)
                .param(username)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /**
     * Bans all accounts younger than so many hours that wrote since a moment, but for moderators, staff and whoever followed
     * before.
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
}
