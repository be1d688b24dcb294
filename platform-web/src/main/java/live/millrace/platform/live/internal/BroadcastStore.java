// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.live.PastBroadcast;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of broadcasts. Each statement writes the columns that it names and no others: they come from several threads at once. */
@Repository
class BroadcastStore {
    /** One time on air. */
    record Broadcast(long id, long channelId, UUID engineId) {}

    private final JdbcClient database;

    BroadcastStore(JdbcClient database) {
        this.database = database;
    }

    /** Remembers what the channel said it is about when it began. */
    Broadcast begin(ChannelView channel, UUID engineId, Instant startedAt) {
        long id = database.sql("""
                insert into live_broadcast (channel_id, engine_id, title, started_at, category_id, tags, language, mature)
                values (:channel, :engine, :title, :started, :category, :tags, :language, :mature)
                returning id
                """)
                .param("channel", channel.id())
                .param("engine", engineId)
                .param("title", channel.title())
                .param("started", Timestamp.from(startedAt))
                .param(
                        "category",
                        channel.category() == null ? null : channel.category().id())
                .param("tags", channel.tags().toArray(String[]::new))
                .param("language", channel.language())
                .param("mature", channel.mature())
                .query(Long.class)
                .single();
        return new Broadcast(id, channel.id(), engineId);
    }

    /**
     * What runs is about what its channel says now: lists of past broadcasts show what was said last. What once was not for everybody
     * stays so.
     */
    void described(ChannelView channel) {
        database.sql("""
                update live_broadcast set title = :title, category_id = :category, tags = :tags, language = :language,
                    mature = mature or :mature
                where channel_id = :channel and ended_at is null
                """)
                .param("channel", channel.id())
                .param("title", channel.title())
                .param(
                        "category",
                        channel.category() == null ? null : channel.category().id(),
                        Types.BIGINT)
                .param("tags", channel.tags().toArray(String[]::new))
                .param("language", channel.language())
                .param("mature", channel.mature())
                .update();
    }

    Optional<Broadcast> find(UUID engineId) {
        return database.sql("select id, channel_id from live_broadcast where engine_id = ?")
                .param(engineId)
                .query((row, _) -> new Broadcast(row.getLong(1), row.getLong(2), engineId))
                .optional();
    }

    /** Nothing is kept to be seen of a channel's newest broadcast. */
    void withholdPicture(long channelId) {
        database.sql("""
                update live_broadcast set picture_withheld = true
                where id = (select id from live_broadcast where channel_id = ? order by started_at desc limit 1)
                and not picture_withheld
                """).param(channelId).update();
    }

    /** Takes that back for what runs still. */
    void releasePicture(UUID engineId) {
        database.sql("update live_broadcast set picture_withheld = false where engine_id = ? and ended_at is null")
                .param(engineId)
                .update();
    }

    void watchedBy(UUID engineId, int viewers) {
        database.sql(
                        "update live_broadcast set peak_viewers = :viewers where engine_id = :engine and peak_viewers < :viewers")
                .param("viewers", viewers)
                .param("engine", engineId)
                .update();
    }

    /** Answers whether it had not been live before. */
    boolean wentLive(UUID engineId, Instant at) {
        return database.sql("update live_broadcast set live_at = ? where engine_id = ? and live_at is null")
                        .param(Timestamp.from(at))
                        .param(engineId)
                        .update()
                > 0;
    }

    void ended(UUID engineId, Instant at) {
        database.sql("update live_broadcast set ended_at = ? where engine_id = ? and ended_at is null")
                .param(Timestamp.from(at))
                .param(engineId)
                .update();
    }

    /** Answers how many there were. */
    int closeOpen(Instant now) {
        return database.sql("update live_broadcast set ended_at = ? where ended_at is null")
                .param(Timestamp.from(now))
                .update();
    }

    /** The newest first. */
    List<PastBroadcast> past(long channelId, int most) {
        return database.sql("""
                select id, title, live_at, ended_at, peak_viewers from live_broadcast
                where channel_id = ? and live_at is not null and ended_at is not null
                order by started_at desc limit ?
                """)
                .param(channelId)
                .param(most)
                .query((row, _) -> new PastBroadcast(
                        row.getLong(1),
                        row.getString(2),
                        row.getTimestamp(3).toInstant(),
                        row.getTimestamp(4).toInstant(),
                        row.getInt(5)))
                .list();
    }
}
