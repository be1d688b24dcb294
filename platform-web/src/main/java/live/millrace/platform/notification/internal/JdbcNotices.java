// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.audience.ShutOut;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.picture.Pictures;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcNotices implements Notices {
    private static final Duration NOT_AGAIN_WITHIN = Duration.ofHours(1);

    /** An account's notices changed. */
    record NoticesChanged(long accountId) {}

    private final JdbcClient database;
    private final Channels channels;
    private final ObjectProvider<ShutOut> outcasts;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcNotices(
            JdbcClient database,
            Channels channels,
            ObjectProvider<ShutOut> outcasts,
            ApplicationEventPublisher events,
            Clock clock) {
        this.database = database;
        this.channels = channels;
        this.outcasts = outcasts;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<NoticeView> of(long accountId, long before, int most) {
        return database.sql("""
                select n.id, n.kind, coalesce(c.name, '') as name, coalesce(nullif(c.display_name, ''), c.name, '') as display_name,
                       c.avatar, case when b.visibility = 'PUBLIC' then b.title else n.text end as title, n.link, n.created_at, n.read_at is not null as read, n.number
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
     * Writes a notice for each of those who are to hear that a channel is live: its followers, or of what is for invited people those who were
     * invited by name. Nobody is told twice within the hour. What is for nobody in particular is told nobody.
     *
     * @return who got one
     */
    @Transactional
    public Set<Long> tellLive(long channelId, long broadcastId) {
        Instant now = clock.instant();
        String visibility = database.sql("select visibility from channel where id = ?")
                .param(channelId)
                .query(String.class)
                .optional()
                .orElse("");
        return switch (visibility) {
            case "PUBLIC", "REGISTERED", "FOLLOWERS" -> tellFollowers(channelId, broadcastId, now);
            case "INVITED" -> tellGuests(channelId, broadcastId, now);
            default -> Set.of();
        };
    }

    private Set<Long> tellFollowers(long channelId, long broadcastId, Instant now) {
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
                : tell(
                                "select account_id, channel_id from channel_follow where channel_id = :channel",
                                broadcastId,
                                now)
                        .param("channel", channelId)
                        .query((row, _) -> row.getLong(1))
                        .set();
    }

    /** Whoever is not let in whatever else they are is not told. That some were told keeps nobody else from being told. */
    private Set<Long> tellGuests(long channelId, long broadcastId, Instant now) {
        Optional<ChannelView> channel = channels.find(channelId);
        List<Long> guests = database.sql("""
                select g.account_id from audience_guest g
                where g.channel_id = :channel and g.account_id is not null and g.removed_at is null
                and not exists (select from notification_notice n where n.account_id = g.account_id and n.channel_id = :channel
                    and n.broadcast_id is not null and n.created_at > :before)
                """)
                .param("channel", channelId)
                .param("before", Timestamp.from(now.minus(NOT_AGAIN_WITHIN)))
                .query((row, _) -> row.getLong(1))
                .list();
        List<Long> told = guests.stream()
                .filter(guest -> channel.filter(found -> outcasts.stream().noneMatch(known -> known.has(found, guest)))
                        .isPresent())
                .toList();
        return tell("select id, :channel from account where id = any(:told)", broadcastId, now)
                .param("channel", channelId)
                .param("told", told.toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .set();
    }

    /** With the title that they may read: what the broadcast is called later is perhaps not for them. */
    private StatementSpec tell(String whom, long broadcastId, Instant now) {
        return database.sql("""
                insert into notification_notice (account_id, channel_id, broadcast_id, created_at, text)
                select w.account_id, w.channel_id, :broadcast, :now, b.title
                from (%s) w (account_id, channel_id), live_broadcast b where b.id = :broadcast
                on conflict do nothing returning account_id
                """.formatted(whom)).param("broadcast", broadcastId).param("now", Timestamp.from(now));
    }

    /** Whether a broadcast is not over, as far as is written down. */
    boolean open(long broadcastId) {
        return database.sql("select exists (select from live_broadcast where id = ? and ended_at is null)")
                .param(broadcastId)
                .query(Boolean.class)
                .single();
    }

    /** Which of these accounts follow a channel, or were invited to it. */
    Set<Long> named(long channelId, Set<Long> among) {
        return database.sql("""
                select account_id from channel_follow where channel_id = :channel and account_id = any(:among)
                union select account_id from audience_guest
                where channel_id = :channel and account_id = any(:among) and removed_at is null
                """)
                .param("channel", channelId)
                .param("among", among.toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .set();
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
