// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
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

    /**
     * Holds a channel until the transaction ends, and before any of its broadcasts: as whoever changes who may see it does.
     *
     * @return false when it is no more
     */
    boolean hold(long channelId) {
        return database.sql("select id from channel where id = ? for no key update")
                .param(channelId)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /** Remembers what the channel, which is held, said it is about when it began, and whom it was for. */
    Broadcast begin(ChannelView channel, UUID engineId, Instant startedAt) {
        long id = database.sql("""
                insert into live_broadcast (channel_id, engine_id, title, started_at, category_id, tags, language, mature, visibility)
                select :channel, :engine, :title, :started, :category, :tags, :language, :mature, visibility
                from channel where id = :channel
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

    /** Notes that nobody sends it: it is fetched. */
    void fetched(UUID engineId) {
        database.sql("update live_broadcast set fetched = true where engine_id = ? and not fetched")
                .param(engineId)
                .update();
    }

    /** Whether nobody sent it. */
    boolean fetched(Broadcast broadcast) {
        return database.sql("select fetched from live_broadcast where id = ?")
                .param(broadcast.id())
                .query(Boolean.class)
                .single();
    }

    /**
     * Forgets fetched broadcasts that ended before, one for each time that somebody looked, and those that nobody could ever watch, one for each
     * try of an encoder without media. What was recorded is remembered.
     *
     * @return how many
     */
    int forgetPassing(Instant before) {
        return database.sql("""
                delete from live_broadcast b where (b.fetched or b.live_at is null) and b.ended_at < ?
                and not exists (select from recording where broadcast_id = b.id)
                """).param(Timestamp.from(before)).update();
    }

    /** Whether it could be watched at all. */
    boolean wasLive(Broadcast broadcast) {
        return database.sql("select live_at is not null from live_broadcast where id = ?")
                .param(broadcast.id())
                .query(Boolean.class)
                .single();
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

    /** Answers whether it had not been over before. */
    boolean ended(UUID engineId, Instant at) {
        return database.sql("update live_broadcast set ended_at = ? where engine_id = ? and ended_at is null")
                        .param(Timestamp.from(at))
                        .param(engineId)
                        .update()
                > 0;
    }

    // ---- whom it was for --------------------------------------------------------------------------------------

    /** What runs on a channel, which is held, is for these alone from now on, as far as it was for them before. */
    void narrow(long channelId, Visibility now) {
        List<Visibility> wider = Arrays.stream(Visibility.values())
                .filter(before -> !before.within(now))
                .toList();
        database.sql("""
                update live_broadcast b set visibility = n.after from unnest(:before::text[], :after::text[]) n(before, after)
                where b.channel_id = :channel and b.ended_at is null and b.visibility = n.before
                """)
                .param("before", wider.stream().map(Enum::name).toArray(String[]::new))
                .param(
                        "after",
                        wider.stream().map(before -> before.and(now).name()).toArray(String[]::new))
                .param("channel", channelId)
                .update();
    }

    /** The fewest that a broadcast was for. */
    Visibility visibility(long id) {
        return Visibility.valueOf(database.sql("select visibility from live_broadcast where id = ?")
                .param(id)
                .query(String.class)
                .single());
    }

    /** For whom else than these some of a channel's broadcasts were. */
    List<Visibility> narrower(long channelId, Collection<Visibility> around) {
        return database.sql("""
                select distinct visibility from live_broadcast
                where channel_id = ? and visibility <> 'PUBLIC' and visibility <> all(?)
                """)
                .param(channelId)
                .param(names(around))
                .query((row, _) -> Visibility.valueOf(row.getString(1)))
                .list();
    }

    private static String[] names(Collection<Visibility> some) {
        return some.stream().map(Enum::name).toArray(String[]::new);
    }

    /** When a channel was last on air for these; empty for never. */
    Optional<Instant> lastLive(long channelId, Collection<Visibility> visibilities) {
        return database.sql("""
                select coalesce(ended_at, live_at) from live_broadcast
                where channel_id = ? and live_at is not null and visibility = any(?) and not fetched
                order by started_at desc limit 1
                """)
                .param(channelId)
                .param(names(visibilities))
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .optional();
    }

    /** Notes whose key it is that publishes. */
    void publishedBy(UUID engineId, long keyId) {
        database.sql("""
                update live_broadcast set key_id = :key where engine_id = :engine and key_id is distinct from :key
                """).param("key", keyId).param("engine", engineId).update();
    }

    /** The key that publishes, or published last while nobody does. */
    Optional<Long> publishedBy(UUID engineId) {
        return database.sql("select key_id from live_broadcast where engine_id = ? and key_id is not null")
                .param(engineId)
                .query(Long.class)
                .optional();
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

    /**
     * Has all that are open wait for their encoders, and answers how many there are; nothing is on air. What was fetched has no encoder that
     * comes back: it is overdue at once.
     */
    int waitUntil(Instant until) {
        return database.sql("""
                update live_broadcast set resume_until =
                    case when fetched then coalesce(alive_at, live_at, started_at) else :until end
                where ended_at is null
                """).param("until", Timestamp.from(until)).update();
    }

    private static final String OVERDUE = """
            ended_at is null and (resume_until < :now
                or resume_until is not null and coalesce(alive_at, live_at, started_at) < :before
                    and not exists (select from channel where id = channel_id and visibility_after is not null))""";

    /**
     * Those that wait no longer are over: they were when they were last on air. Their channels are held before them.
     *
     * @param onAirBefore and those that were last on air before this, unless somebody has to hear that their channel is shown to others now
     */
    List<BroadcastLeft> closeOverdue(Instant now, Instant onAirBefore) {
        Map<String, Timestamp> times = Map.of("now", Timestamp.from(now), "before", Timestamp.from(onAirBefore));
        database.sql("select id from channel where id in (select channel_id from live_broadcast where " + OVERDUE
                        + ") order by id for no key update")
                .params(times)
                .query(Long.class)
                .list();
        return database.sql(
                        "update live_broadcast set ended_at = coalesce(alive_at, live_at, started_at), resume_until = null where "
                                + OVERDUE + " returning id, engine_id, channel_id, ended_at")
                .params(times)
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
                    and not fetched order by started_at desc limit 1)
                returning engine_id, started_at, media_sequence, discontinuity_sequence
                """)
                .param("channel", channelId)
                .param("now", Timestamp.from(now))
                .param("until", Timestamp.from(until))
                .query((row, _) -> new Waiting(
                        row.getObject(1, UUID.class), row.getTimestamp(2).toInstant(), row.getLong(3), row.getLong(4)))
                .optional();
    }

    /** Whether a channel has one that waits, which is left as it is. */
    boolean waits(long channelId, Instant now) {
        return database.sql("""
                select exists (select from live_broadcast where channel_id = ? and ended_at is null and resume_until > ? and not fetched)
                """)
                .param(channelId)
                .param(Timestamp.from(now))
                .query(Boolean.class)
                .single();
    }

    /** It goes on; answers whether it waited, and whether no picture of it is to be seen. */
    Optional<Boolean> resumed(UUID engineId) {
        return database.sql("""
                update live_broadcast set resume_until = null, epoch = epoch + 1
                where engine_id = ? and ended_at is null and resume_until is not null returning picture_withheld
                """).param(engineId).query(Boolean.class).optional();
    }

    /** Of those that were for these, the newest first. */
    List<PastBroadcast> past(long channelId, Collection<Visibility> visibilities, int most) {
        return database.sql("""
                select id, title, live_at, ended_at, peak_viewers from live_broadcast
                where channel_id = ? and live_at is not null and ended_at is not null and visibility = any(?) and not fetched
                order by started_at desc limit ?
                """)
                .param(channelId)
                .param(names(visibilities))
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
