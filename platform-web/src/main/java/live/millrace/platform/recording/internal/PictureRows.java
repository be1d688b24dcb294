// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** Which recordings and clips have a picture of their own. */
@Repository
class PictureRows {
    /**
     * What has no picture yet.
     *
     * @param source what holds its bytes
     * @param name of that
     * @param folder of that: a trim gives it another one
     * @param channel of that
     * @param clip null for a recording itself
     * @param fromMillis where what is shown begins, in media time of the source
     * @param toMillis where it ends, likewise
     * @param running the source is still being recorded
     */
    record Bare(
            long source,
            String name,
            String folder,
            String channel,
            @Nullable Long clip,
            long fromMillis,
            long toMillis,
            boolean running) {
        static Bare of(ResultSet row) throws SQLException {
            return new Bare(
                    row.getLong("source"),
                    row.getString("public_id"),
                    row.getString("folder"),
                    row.getString("name"),
                    row.getObject("clip", Long.class),
                    row.getLong("from_ms"),
                    row.getLong("to_ms"),
                    row.getString("state").equals("RECORDING"));
        }

        /** The moment that the picture is of: beginnings and ends often show nothing yet, or no more. */
        long wantedMillis() {
            return fromMillis + (toMillis - fromMillis) / 3;
        }
    }

    /** Whole spans of pictures that are here. */
    private static final String SPAN = "s.recording_id = r.id and s.track = 'v0' and s.closed and s.local";

    private final JdbcClient database;

    PictureRows(JdbcClient database) {
        this.database = database;
    }

    /** Recordings that are whole; what was broadcast last comes first. */
    List<Bare> recordings(int most) {
        return database.sql("""
                select r.id as source, r.public_id, r.folder, c.name, null::bigint as clip, 0 as from_ms, r.duration_ms as to_ms, r.state
                from recording r join channel c on c.id = r.channel_id
                where r.kind in ('LIVE', 'UPLOAD') and r.state <> 'RECORDING' and not r.removing and r.deleted_at is null
                    and not exists (select from recording_picture p where p.recording_id = r.id)
                    and exists (select from recording_span s where %s)
                order by r.started_at desc limit ?
                """.formatted(SPAN))
                .param(most)
                .query((row, _) -> Bare.of(row))
                .list();
    }

    /** Clips, also of what still runs; the newest first. */
    List<Bare> clips(int most) {
        return database.sql("""
                select r.id as source, r.public_id, r.folder, c.name, k.id as clip, r.state,
                    case when k.own_recording is null then k.from_ms else 0 end as from_ms,
                    case when k.own_recording is null then k.to_ms else r.duration_ms end as to_ms
                from recording_clip k join recording r on r.id = coalesce(k.own_recording, k.recording_id)
                join channel c on c.id = r.channel_id
                where k.deleted_at is null and not r.removing and r.deleted_at is null
                    and not exists (select from recording_picture p where p.clip_id = k.id)
                    and (r.state = 'RECORDING' or exists (select from recording_span s where %s
                        and (k.own_recording is not null or s.start_ms < k.to_ms and s.start_ms + s.duration_ms > k.from_ms)))
                order by k.id desc limit ?
                """.formatted(SPAN))
                .param(most)
                .query((row, _) -> Bare.of(row))
                .list();
    }

    /** The span that its moment is in, or the nearest one that has something of it; empty while there is none. */
    Optional<StoryboardRows.Bare> span(Bare bare) {
        return database.sql("""
                select s.recording_id, r.folder, s.track, s.ordinal, s.format, s.discontinuity, s.start_ms, s.base_decode_time, s.bytes,
                    s.segments, t.codec, t.timescale, t.width, t.height, t.initialization
                from recording r join recording_span s on %s
                join recording_track t on t.recording_id = s.recording_id and t.track = s.track and t.format = s.format
                where r.id = :source and r.folder = :folder and s.start_ms < :to and s.start_ms + s.duration_ms > :from
                order by s.start_ms <= :wanted desc, abs(s.start_ms - :wanted) limit 1
                """.formatted(SPAN))
                .param("source", bare.source())
                .param("folder", bare.folder())
                .param("from", bare.fromMillis())
                .param("to", bare.toMillis())
                .param("wanted", bare.wantedMillis())
                .query((row, _) -> StoryboardRows.Bare.of(row))
                .optional();
    }

    /**
     * Keeps a picture. Holds what it is of: whoever trims it comes before, and it is no more what was asked for, or finds what was kept.
     *
     * @param jpeg null when there can be none
     * @return false when it is not that any more, or has one
     */
    boolean made(Bare bare, byte @Nullable [] jpeg) {
        StatementSpec statement = bare.clip() == null
                ? database.sql("""
                        insert into recording_picture (recording_id, jpeg)
                        select r.id, :jpeg from recording r where r.id = :source and r.folder = :folder and not r.removing for share
                        on conflict do nothing
                        """).param("source", bare.source()).param("folder", bare.folder())
                : database.sql("""
                        insert into recording_picture (clip_id, jpeg)
                        select k.id, :jpeg from recording_clip k where k.id = :clip and k.deleted_at is null for share
                        on conflict do nothing
                        """).param("clip", bare.clip());
        return statement.param("jpeg", jpeg, Types.BINARY).update() > 0;
    }
}
