// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.channel.ChannelGoneException;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.FollowersChanged;
import live.millrace.platform.channel.Follows;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Follows as rows; the database keeps the count beside them, so that it is exact however many click at once. */
@Service
class JdbcFollows implements Follows {
    private final JdbcClient database;
    private final ChannelRepository channels;
    private final Channels allChannels;
    private final ApplicationEventPublisher events;

    JdbcFollows(
            JdbcClient database, ChannelRepository channels, Channels allChannels, ApplicationEventPublisher events) {
        this.database = database;
        this.channels = channels;
        this.allChannels = allChannels;
        this.events = events;
    }

    @Override
    @Transactional
    public Outcome follow(long accountId, long channelId) {
        Channel channel = channels.findById(channelId).orElseThrow(ChannelGoneException::new);
        if (channel.accountId() == accountId) {
            return Outcome.OWN_CHANNEL;
        }
        long followed = database.sql("select count(*) from channel_follow where account_id = ?")
                .param(accountId)
                .query(Long.class)
                .single();
        if (followed >= MAX_FOLLOWED) {
            return Outcome.TOO_MANY;
        }
        int added = database.sql(
                        "insert into channel_follow (account_id, channel_id) values (?, ?) on conflict do nothing")
                .param(accountId)
                .param(channelId)
                .update();
        return changed(added, accountId, channelId, true);
    }

    private record Found(String name, long id, long owner) {}

    @Override
    @Transactional
    public Many followAll(long accountId, List<String> names) {
        Map<String, Found> found = database
                .sql("select name, id, account_id from channel where name = any(?)")
                .param(names.toArray(String[]::new))
                .query((row, _) -> new Found(row.getString(1), row.getLong(2), row.getLong(3)))
                .list()
                .stream()
                .collect(Collectors.toMap(Found::name, channel -> channel));
        Set<Long> before = followedBy(accountId);
        List<Long> wanted = names.stream()
                .flatMap(name -> Stream.ofNullable(found.get(name)))
                .filter(channel -> channel.owner() != accountId)
                .map(Found::id)
                .filter(id -> !before.contains(id))
                .distinct()
                .toList();
        int room = Math.max(0, MAX_FOLLOWED - before.size());
        List<Long> added = database.sql("""
                insert into channel_follow (account_id, channel_id) select ?, id from channel where id = any(?)
                on conflict do nothing returning channel_id
                """)
                .param(accountId)
                .param(wanted.stream().limit(room).toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .list();
        added.forEach(id -> events.publishEvent(new FollowersChanged(id, accountId, true)));
        return new Many(Set.copyOf(found.keySet()), added.size(), found.size() - wanted.size(), wanted.size() > room);
    }

    @Override
    @Transactional
    public Outcome unfollow(long accountId, long channelId) {
        int removed = database.sql("delete from channel_follow where account_id = ? and channel_id = ?")
                .param(accountId)
                .param(channelId)
                .update();
        return changed(removed, accountId, channelId, false);
    }

    private Outcome changed(int rows, long accountId, long channelId, boolean follows) {
        if (rows == 0) {
            return Outcome.UNCHANGED;
        }
        events.publishEvent(new FollowersChanged(channelId, accountId, follows));
        return Outcome.DONE;
    }

    @Override
    public Optional<Instant> since(long accountId, long channelId) {
        return database.sql("select followed_at from channel_follow where account_id = ? and channel_id = ?")
                .param(accountId)
                .param(channelId)
                .query(Timestamp.class)
                .optional()
                .map(Timestamp::toInstant);
    }

    @Override
    public Set<Long> followedBy(long accountId) {
        return database.sql("select channel_id from channel_follow where account_id = ?")
                .param(accountId)
                .query((row, _) -> row.getLong(1))
                .set();
    }

    @Override
    @Transactional(readOnly = true)
    public List<ChannelView> channelsFollowedBy(long accountId) {
        return allChannels.findAll(database.sql("""
                select f.channel_id from channel_follow f join channel c on c.id = f.channel_id
                where f.account_id = ? order by c.last_live_at desc nulls last, f.followed_at desc
                """)
                .param(accountId)
                .query((row, _) -> row.getLong(1))
                .list());
    }
}
