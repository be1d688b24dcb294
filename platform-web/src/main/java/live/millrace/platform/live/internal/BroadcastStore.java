// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.live.BroadcastLeft;
import live.millrace.platform.live.PastBroadcast;
import org.jspecify.annotations.Nullable;
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

    /** What is on air, as it is noted every few seconds. */
    record OnAir(UUID engineId, int viewers, @Nullable Long keyId, boolean published) {}

    /**
     * Notes in one statement what the next process has to know.
     *
     * @param media above the media sequence numbers of all of them
     * @param discontinuity the same of discontinuity sequence numbers
     */
    void note(List<OnAir> all, long media, long discontinuity, Instant now) {
        database.sql("""
                update live_broadcast b set
                    alive_at = case when n.published then :now else b.alive_at end, key_id = coalesce(n.key, b.key_id),
                    peak_viewers = greatest(b.peak_viewers, n.viewers), media_sequence = greatest(b.media_sequence, :media),
                    discontinuity_sequence = greatest(b.discontinuity_sequence, :discontinuity)
                from unnest(cast(:engines as uuid[]), cast(:viewers as int[]), cast(:keys as bigint[]), cast(:published as boolean[]))
                    n(engine, viewers, key, published)
                where b.engine_id = n.engine and b.ended_at is null
                """)
                .param(
                        "engines",
                        all.stream().map(each -> each.engineId().toString()).toArray(String[]::new))
                .param("viewers", all.stream().map(OnAir::viewers).toArray(Integer[]::new))
                .param("keys", all.stream().map(OnAir::keyId).toArray(Long[]::new))
                .param("published", all.stream().map(OnAir::published).toArray(Boolean[]::new))
                .param("media", media)
                .param("discontinuity", discontinuity)
                .param("now", Timestamp.from(now))
                .update();
    }

    /** Has all that are open wait for their encoders, and answers how many there are; nothing is on air. */
    int waitUntil(Instant until) {
        return database.sql("update live_broadcast set resume_until = ? where ended_at is null")
                .param(Timestamp.from(until))
                .update();
    }

    /**
     * Those that wait no longer are over: they were when they were last on air.
     *
     * @param onAirBefore and those that were last on air before this
     */
    List<BroadcastLeft> closeOverdue(Instant now, Instant onAirBefore) {
        return database.sql("""
                update live_broadcast set ended_at = coalesce(alive_at, live_at, started_at), resume_until = null
                where ended_at is null
                    and (resume_until < :now or resume_until is not null and coalesce(alive_at, live_at, started_at) < :before)
                returning id, engine_id, channel_id, ended_at
                """)
                .param("now", Timestamp.from(now))
                .param("before", Timestamp.from(onAirBefore))
                .query((row, _) -> new BroadcastLeft(
                        row.getLong(1),
                        row.getObject(2, UUID.class),
                        row.getLong(3),
                        row.getTimestamp(4).toInstant()))
                .list();
    }

    /**
     * A broadcast that waits for its encoder.
     *
     * @param media no segment of it has this media sequence number or a higher one, as far as was noted
     * @param discontinuity the same of discontinuity sequence numbers
     */
    record Waiting(UUID engineId, Instant startedAt, long media, long discontinuity) {}

    /** The one of a channel, if it waits still; it does so until then. */
    Optional<Waiting> claim(long channelId, Instant now, Instant until) {
        return database.sql("""
                update live_broadcast set resume_until = greatest(resume_until, :until)
                where id = (select id from live_broadcast where channel_id = :channel and ended_at is null and resume_until > :now
                    order by started_at desc limit 1)
                returning engine_id, started_at, media_sequence, discontinuity_sequence
                """)
                .param("channel", channelId)
                .param("now", Timestamp.from(now))
                .param("until", Timestamp.from(until))
                .query((row, _) -> new Waiting(
                        row.getObject(1, UUID.class), row.getTimestamp(2).toInstant(), row.getLong(3), row.getLong(4)))
                .optional();
    }

    /** It goes on; answers whether it waited, and whether no picture of it is to be seen. */
    Optional<Boolean> resumed(UUID engineId) {
        return database.sql("""
                update live_broadcast set resume_until = null, epoch = epoch + 1
                where engine_id = ? and ended_at is null and resume_until is not null returning picture_withheld
                """).param(engineId).query(Boolean.class).optional();
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
