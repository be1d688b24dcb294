// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.picture.Pictures;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcNotices implements Notices {
    private static final Duration NOT_AGAIN_WITHIN = Duration.ofHours(1);

    /** An account's notices changed. */
    record NoticesChanged(long accountId) {}

    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcNotices(JdbcClient database, ApplicationEventPublisher events, Clock clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<NoticeView> of(long accountId, long before, int most) {
        return database.sql("""
                select n.id, n.kind, coalesce(c.name, '') as name, coalesce(nullif(c.display_name, ''), c.name, '') as display_name,
                       c.avatar, coalesce(b.title, n.text) as title, n.link, n.created_at, n.read_at is not null as read, n.number
                from notification_notice n
                left join channel c on c.id = n.channel_id left join live_broadcast b on b.id = n.broadcast_id
                where n.account_id = ? and n.id < ? order by n.id desc limit ?
                """)
                .param(accountId)
                .param(before)
                .param(most)
                .query((row, _) -> new NoticeView(
                        row.getLong("id"),
                        row.getString("kind"),
                        row.getString("name"),
                        row.getString("display_name"),
                        Optional.ofNullable(row.getString("avatar"))
                                .map(Pictures::address)
                                .orElse(null),
                        row.getString("title"),
                        row.getString("link").isEmpty() ? "/" + row.getString("name") : row.getString("link"),
                        row.getTimestamp("created_at").toInstant(),
                        row.getBoolean("read"),
                        row.getObject("number", Integer.class)))
                .list();
    }

    @Override
    @Transactional
    public void tell(long accountId, String kind, String text, String link) {
        database.sql("""
                insert into notification_notice (account_id, kind, text, link, created_at) values (?, ?, ?, ?, ?)
                """)
                .param(accountId)
                .param(kind)
                .param(text)
                .param(link)
                .param(Timestamp.from(clock.instant()))
                .update();
        events.publishEvent(new NoticesChanged(accountId));
    }

    @Override
    @Transactional
    public void gather(long accountId, String kind, String text, String link, Duration within) {
        Instant now = clock.instant();
        int gathered = database.sql("""
                update notification_notice set number = case when read_at is null then coalesce(number, 0) + 1 else 1 end,
                    read_at = null, text = :text
                where id = (select max(id) from notification_notice
                            where account_id = :account and kind = :kind and link = :link and created_at > :since)
                """)
                .param("text", text)
                .param("account", accountId)
                .param("kind", kind)
                .param("link", link)
                .param("since", Timestamp.from(now.minus(within)))
                .update();
        if (gathered == 0) {
            database.sql("""
                    insert into notification_notice (account_id, kind, text, link, number, created_at) values (?, ?, ?, ?, 1, ?)
                    """)
                    .param(accountId)
                    .param(kind)
                    .param(text)
                    .param(link)
                    .param(Timestamp.from(now))
                    .update();
        }
        events.publishEvent(new NoticesChanged(accountId));
    }

    @Override
    public int unread(long accountId) {
        return database.sql("select count(*) from notification_notice where account_id = ? and read_at is null")
                .param(accountId)
                .query(Integer.class)
                .single();
    }

    @Override
    @Transactional
    public void read(long accountId) {
        int changed = database.sql(
                        "update notification_notice set read_at = ? where account_id = ? and read_at is null")
                .param(Timestamp.from(clock.instant()))
                .param(accountId)
                .update();
        if (changed > 0) {
            events.publishEvent(new NoticesChanged(accountId));
        }
    }

    /**
     * Writes a notice for each follower of a channel, unless they were told within the hour, or it is for some of them alone.
     *
     * @return who got one
     */
    @Transactional
    public Set<Long> tellFollowers(long channelId, long broadcastId) {
        Instant now = clock.instant();
        int mayTell = database.sql("""
                insert into notification_told (channel_id, told_at) values (:channel, :now)
                on conflict (channel_id) do update set told_at = :now where notification_told.told_at <= :before
                """)
                .param("channel", channelId)
                .param("now", Timestamp.from(now))
                .param("before", Timestamp.from(now.minus(NOT_AGAIN_WITHIN)))
                .update();
        return mayTell == 0
                ? Set.of()
                : database.sql("""
                        insert into notification_notice (account_id, channel_id, broadcast_id, created_at)
                        select f.account_id, f.channel_id, :broadcast, :now
                        from channel_follow f join channel c on c.id = f.channel_id
                        where f.channel_id = :channel and c.visibility in ('PUBLIC', 'REGISTERED', 'FOLLOWERS')
                        on conflict do nothing returning account_id
                        """)
                        .param("channel", channelId)
                        .param("broadcast", broadcastId)
                        .param("now", Timestamp.from(now))
                        .query((row, _) -> row.getLong(1))
                        .set();
    }

    /** Whether a broadcast is not over, as far as is written down. */
    boolean open(long broadcastId) {
        return database.sql("select exists (select from live_broadcast where id = ? and ended_at is null)")
                .param(broadcastId)
                .query(Boolean.class)
                .single();
    }

    /** Which of these accounts follow a channel. */
    Set<Long> followers(long channelId, Set<Long> among) {
        return database.sql("select account_id from channel_follow where channel_id = ? and account_id = any(?)")
                .param(channelId)
                .param(among.toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .set();
    }
}
