// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.recording.Recording;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.recording.VideoState;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.VideoView.Gap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/** Reads videos. Thread-safe. */
@Component
class VideoRows {
    /** Of one video; what has more is hardly one. */
    private static final int MOST_GAPS = 1_000;

    /** What clips have of their own is no video. */
    static final String SELECT = """
            select r.id, r.public_id, r.channel_id, c.name, r.broadcast_id, r.state, r.visibility, r.title, r.description, r.category_id,
                r.mature, r.started_at, r.ended_at, r.duration_ms, r.bytes, r.views, r.pinned, r.expires_at
            from recording r join channel c on c.id = r.channel_id and r.kind in ('LIVE', 'UPLOAD')
            """;

    /** Found by people who did not look for its channel: nothing of whom lists leave out, nothing that is still on air or empty. */
    static final String LISTED = """
            join account a on a.id = c.account_id
            where r.deleted_at is null and r.visibility = 'PUBLIC' and r.state <> 'RECORDING' and r.duration_ms > 0
            and c.hidden_at is null and (a.suspended_at is null or a.suspended_until < now())
            """;

    private record Row(long id, VideoView video) {}

    private final JdbcClient database;
    private final ObjectProvider<Engine> engine;

    VideoRows(JdbcClient database, ObjectProvider<Engine> engine) {
        this.database = database;
        this.engine = engine;
    }

    StatementSpec sql(String rest) {
        return database.sql(SELECT + rest);
    }

    Optional<VideoView> one(StatementSpec statement) {
        return all(statement).stream().findFirst();
    }

    List<VideoView> all(StatementSpec statement) {
        List<Row> rows = statement.query((row, _) -> row(row)).list();
        Map<Long, List<Gap>> gaps = gaps(rows.stream()
                .filter(row -> row.video.state() != VideoState.READY)
                .map(Row::id)
                .toList());
        return rows.stream()
                .map(row -> whole(row.video, gaps.getOrDefault(row.id, List.of())))
                .toList();
    }

    private Map<Long, List<Gap>> gaps(List<Long> ids) {
        Map<Long, List<Gap>> gaps = new HashMap<>();
        if (!ids.isEmpty()) {
            database.sql("""
                    select recording_id, at_ms, lost_ms, cause from (
                        select *, row_number() over (partition by recording_id order by at_ms, cause) as nth
                        from recording_gap where recording_id in (:ids)) numbered
                    where nth <= :most order by recording_id, nth
                    """).param("ids", ids).param("most", MOST_GAPS).query(row -> {
                gaps.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                        .add(new Gap(row.getLong(2), row.getLong(3), row.getString(4)));
            });
        }
        return gaps;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                new VideoView(
                        row.getString("public_id"),
                        row.getLong("channel_id"),
                        row.getString("name"),
                        row.getObject("broadcast_id", Long.class),
                        VideoState.valueOf(row.getString("state")),
                        Visibility.valueOf(row.getString("visibility")),
                        row.getString("title"),
                        row.getString("description"),
                        row.getObject("category_id", Long.class),
                        row.getBoolean("mature"),
                        row.getTimestamp("started_at").toInstant(),
                        instant(row, "ended_at"),
                        row.getLong("duration_ms"),
                        row.getLong("bytes"),
                        row.getLong("views"),
                        row.getBoolean("pinned"),
                        instant(row, "expires_at"),
                        List.of()));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    /** Rows are written when a span ends: how long what runs has become in the minutes since then, the engine knows. */
    private VideoView whole(VideoView video, List<Gap> gaps) {
        Optional<Recording> running = video.recording()
                ? engine.getObject()
                        .runningRecording(video.channel())
                        .filter(recording -> recording.id().equals(video.id()))
                : Optional.empty();
        return new VideoView(
                video.id(),
                video.channelId(),
                video.channel(),
                video.broadcastId(),
                video.state(),
                video.visibility(),
                video.title(),
                video.description(),
                video.categoryId(),
                video.mature(),
                video.startedAt(),
                video.endedAt(),
                Math.max(
                        video.durationMillis(),
                        running.map(Recording::durationMillis).orElse(0L)),
                Math.max(video.bytes(), running.map(Recording::bytes).orElse(0L)),
                video.views(),
                video.pinned(),
                video.expiresAt(),
                gaps);
    }
}
