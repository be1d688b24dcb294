// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.SegmentTable;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.EngineSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The tables of the index; each call within a transaction. Locks are taken in this order, as whoever deletes a channel takes them: the
 * channel, the recording, what the channel uses.
 */
@Repository
class IndexRows {
    /** A recording whose row is locked. */
    record Row(long id, @Nullable Long channelId, String state, long bytes) {
        boolean recording() {
            return state.equals("RECORDING");
        }
    }

    private final JdbcClient database;
    private final Optional<String> mirror;

    IndexRows(JdbcClient database, EngineSettings settings) {
        this.database = database;
        this.mirror = settings.recording().bucket().mirror();
    }

    // ---- written ----------------------------------------------------------------------------------------------

    /**
     * Answers whether it was not known. One that had ended goes on: its broadcast came back.
     *
     * @param channel null when it is no more: what is kept goes soon
     */
    boolean begin(Recording recording, @Nullable ChannelView channel, Visibility visibility) {
        CategoryView category = channel == null ? null : channel.category();
        int added = database.sql("""
                insert into recording (public_id, channel_id, broadcast_id, engine_id, folder, state, visibility, title, category_id,
                    language, mature, started_at)
                values (:id, :channel, (select id from live_broadcast where engine_id = :engine), :engine, :folder, 'RECORDING',
                    :visibility, :title, :category, :language, :mature, :started)
                on conflict (public_id) do nothing
                """)
                .param("id", recording.id())
                .param("channel", channel == null ? null : channel.id(), Types.BIGINT)
                .param("engine", recording.broadcast())
                .param("folder", recording.folder())
                .param("visibility", visibility.name())
                .param("title", channel == null ? "" : channel.title())
                .param("category", category == null ? null : category.id(), Types.BIGINT)
                .param("language", channel == null ? "" : channel.language())
                .param("mature", channel != null && channel.mature())
                .param("started", Timestamp.from(recording.startedAt()))
                .update();
        if (added == 0) {
            database.sql("""
                    update recording set state = 'RECORDING', ended_at = null, expires_at = null
                    where public_id = ? and engine_id = ? and state <> 'RECORDING' and deleted_at is null
                    """).param(recording.id()).param(recording.broadcast()).update();
        }
        return added > 0;
    }

    void track(String recording, RecordedTrack track) {
        database.sql("""
                insert into recording_track (recording_id, track, format, codec, timescale, width, height, initialization)
                select id, :track, :format, :codec, :timescale, :width, :height, :initialization
                from recording where public_id = :recording
                on conflict (recording_id, track, format) do nothing
                """)
                .param("recording", recording)
                .param("track", track.name())
                .param("format", track.format())
                .param("codec", track.codec())
                .param("timescale", track.timescale())
                .param("width", track.width())
                .param("height", track.height())
                .param("initialization", ByteBufUtil.getBytes(track.initialization()))
                .update();
    }

    /** Holds a channel as it is; answers whether it is there. */
    boolean hold(long channelId) {
        return database.sql("select id from channel where id = ? for share")
                .param(channelId)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /** Holds a recording, and its channel before it. */
    Optional<Row> lock(String recording) {
        database.sql("""
                select id from channel where id = (select channel_id from recording where public_id = ?) for key share
                """).param(recording).query(Long.class).list();
        return database.sql("select id, channel_id, state, bytes from recording where public_id = ? for update")
                .param(recording)
                .query((row, _) ->
                        new Row(row.getLong(1), row.getObject(2, Long.class), row.getString(3), row.getLong(4)))
                .optional();
    }

    /** What is closed stays so. What is in the bucket is not it any more if it has other bytes now. */
    void span(Row recording, RecordedSpan span) {
        database.sql("""
                insert into recording_span (recording_id, track, ordinal, format, discontinuity, start_ms, base_decode_time,
                    duration_ms, bytes, segments, closed)
                values (:recording, :track, :ordinal, :format, :discontinuity, :start, :base, :duration, :bytes, :segments, :closed)
                on conflict (recording_id, track, ordinal) do update set format = excluded.format,
                    discontinuity = excluded.discontinuity, start_ms = excluded.start_ms,
                    base_decode_time = excluded.base_decode_time, duration_ms = excluded.duration_ms, bytes = excluded.bytes,
                    segments = excluded.segments, closed = excluded.closed,
                    closed_at = case when recording_span.closed then recording_span.closed_at else now() end,
                    archived_at = case when recording_span.bytes = excluded.bytes or not recording_span.local
                        then recording_span.archived_at end
                where not recording_span.closed or excluded.closed
                """)
                .param("recording", recording.id())
                .param("track", span.track())
                .param("ordinal", span.ordinal())
                .param("format", span.format())
                .param("discontinuity", span.discontinuity())
                .param("start", span.startMillis())
                .param("base", span.baseDecodeTime())
                .param("duration", span.durationMillis())
                .param("bytes", span.bytes())
                .param("segments", span.segments().packed())
                .param("closed", span.closed())
                .update();
    }

    /** The recording is as large and as long as its spans, and its channel uses so much more or less. */
    void sum(Row recording) {
        long bytes =
                database.sql("""
                update recording r set bytes = s.bytes, duration_ms = s.length
                from (select coalesce(sum(bytes), 0) as bytes, coalesce(max(start_ms + duration_ms), 0) as length
                      from recording_span where recording_id = :id) s
                where r.id = :id returning r.bytes
                """).param("id", recording.id()).query(Long.class).single();
        use(recording.channelId(), bytes - recording.bytes());
    }

    /** A channel uses more, or less. */
    void use(@Nullable Long channelId, long more) {
        if (channelId != null && more != 0) {
            database.sql("""
                    insert into recording_usage (channel_id, bytes) values (?, ?)
                    on conflict (channel_id) do update set bytes = recording_usage.bytes + excluded.bytes
                    """).param(channelId).param(more).update();
        }
    }

    /** Answers whether a recording that was whole has gaps now. */
    boolean gap(Row recording, RecordingGap gap) {
        database.sql("""
                insert into recording_gap (recording_id, at_ms, lost_ms, cause) values (?, ?, ?, ?)
                on conflict (recording_id, at_ms, cause) do update set lost_ms = greatest(recording_gap.lost_ms, excluded.lost_ms)
                """)
                .param(recording.id())
                .param(gap.atMillis())
                .param(gap.lostMillis())
                .param(gap.cause().name())
                .update();
        return database.sql("update recording set state = 'READY_WITH_GAPS' where id = ? and state = 'READY'")
                        .param(recording.id())
                        .update()
                > 0;
    }

    /** @param days how long it is kept; null for as long as there is room */
    void end(Row recording, Instant at, @Nullable Integer days) {
        database.sql("""
                update recording r set ended_at = :at, expires_at = :expires,
                    broadcast_id = coalesce(broadcast_id, (select b.id from live_broadcast b where b.engine_id = r.engine_id)),
                    state = case when exists (select from recording_gap g where g.recording_id = r.id)
                        then 'READY_WITH_GAPS' else 'READY' end
                where id = :id
                """)
                .param("at", Timestamp.from(at))
                .param("expires", days == null ? null : Timestamp.from(at.plus(Duration.ofDays(days))), Types.TIMESTAMP)
                .param("id", recording.id())
                .update();
    }

    // ---- read -------------------------------------------------------------------------------------------------

    /** One that somebody may see. */
    Optional<Recording> find(String recording) {
        return database.sql("""
                select r.id, r.public_id, r.folder, r.engine_id, coalesce(c.name, '') as channel, r.started_at, r.ended_at,
                    r.visibility = 'PUBLIC' as listed, r.visibility in ('PUBLIC', 'UNLISTED') as open
                from recording r join channel c on c.id = r.channel_id
                where r.public_id = ? and r.deleted_at is null
                """).param(recording).query((row, _) -> read(row)).optional();
    }

    /** One whoever may see it. */
    Optional<Recording> whole(String recording) {
        return database.sql("""
                select r.id, r.public_id, r.folder, r.engine_id, coalesce(c.name, '') as channel, r.started_at, r.ended_at,
                    r.visibility = 'PUBLIC' as listed, r.visibility in ('PUBLIC', 'UNLISTED') as open
                from recording r left join channel c on c.id = r.channel_id where r.public_id = ?
                """).param(recording).query((row, _) -> read(row)).optional();
    }

    /** Names of a stream's recordings that these may see, the newest first. */
    List<String> ofStream(String stream, Collection<Visibility> visibilities, int most) {
        return database.sql("""
                select r.public_id from recording r join channel c on c.id = r.channel_id
                where 'live/' || c.name = ? and r.deleted_at is null and not r.removing and r.visibility = any(?)
                    and r.kind <> 'CLIP'
                order by r.started_at desc limit ?
                """)
                .param(stream)
                .param(visibilities.stream().map(Enum::name).toArray(String[]::new))
                .param(most)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** Those of channels that are no more are left alone: they go. */
    List<Recording> unfinished() {
        return database.sql("""
                select r.id, r.public_id, r.folder, r.engine_id, c.name as channel, r.started_at, r.ended_at,
                    r.visibility = 'PUBLIC' as listed, r.visibility in ('PUBLIC', 'UNLISTED') as open
                from recording r join channel c on c.id = r.channel_id
                where r.state = 'RECORDING' order by r.id
                """).query((row, _) -> read(row)).list();
    }

    private Recording read(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        boolean listed = row.getBoolean("listed");
        return new Recording(
                row.getString("public_id"),
                row.getString("folder"),
                row.getObject("engine_id", UUID.class),
                "live/" + row.getString("channel"),
                row.getTimestamp("started_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("ended_at")).map(Timestamp::toInstant),
                tracks(id),
                spans(id),
                gaps(id),
                mirror.filter(_ -> listed),
                row.getBoolean("open") ? Recording.Access.EVERYBODY : Recording.Access.TICKET);
    }

    private List<RecordedTrack> tracks(long recording) {
        return database.sql("""
                select track, format, codec, timescale, width, height, initialization from recording_track
                where recording_id = ? order by track, format
                """)
                .param(recording)
                .query((row, _) -> new RecordedTrack(
                        row.getString(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getInt(5),
                        row.getInt(6),
                        Unpooled.wrappedBuffer(row.getBytes(7)).asReadOnly()))
                .list();
    }

    private List<RecordedSpan> spans(long recording) {
        return database.sql("""
                select track, ordinal, format, discontinuity, start_ms, base_decode_time, bytes, segments, closed,
                    archived_at is not null, local
                from recording_span where recording_id = ? order by track, ordinal
                """)
                .param(recording)
                .query((row, _) -> new RecordedSpan(
                        row.getString(1),
                        row.getInt(2),
                        row.getInt(3),
                        row.getBoolean(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        SegmentTable.unpack(row.getBytes(8)),
                        row.getBoolean(9),
                        copies(row.getBoolean(10), row.getBoolean(11))))
                .list();
    }

    private static RecordedSpan.Copies copies(boolean archived, boolean local) {
        return !archived
                ? RecordedSpan.Copies.DISK
                : local ? RecordedSpan.Copies.DISK_AND_ARCHIVE : RecordedSpan.Copies.ARCHIVE;
    }

    private List<RecordingGap> gaps(long recording) {
        return database.sql(
                        "select at_ms, lost_ms, cause from recording_gap where recording_id = ? order by at_ms, cause")
                .param(recording)
                .query((row, _) ->
                        new RecordingGap(row.getLong(1), row.getLong(2), RecordingGap.Cause.valueOf(row.getString(3))))
                .list();
    }
}
