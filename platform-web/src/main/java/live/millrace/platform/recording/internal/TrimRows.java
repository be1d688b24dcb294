// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.RecordingId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What a trimmed video consists of now, and what it was before; each call within a transaction that holds its row. */
@Repository
class TrimRows {
    /** A video that is held, and what it was before it was trimmed, if it was. */
    record Held(IndexRows.Row row, String folder, @Nullable Long originalId, long trimmedMillis) {}

    private final JdbcClient database;
    private final IndexRows index;

    TrimRows(JdbcClient database, IndexRows index) {
        this.database = database;
        this.index = index;
    }

    /** Holds a video that is whole and not deleted. */
    Optional<Held> hold(String id) {
        return index.lock(id)
                .filter(row -> !row.recording() && row.channelId() != null)
                .flatMap(row -> database.sql("""
                        select r.folder, o.id, r.trimmed_ms from recording r
                        left join recording o on o.id = r.original_id and not o.removing
                        where r.id = ? and r.deleted_at is null and not r.removing and r.kind in ('LIVE', 'UPLOAD')
                        """)
                        .param(row.id())
                        .query((found, _) ->
                                new Held(row, found.getString(1), found.getObject(2, Long.class), found.getLong(3)))
                        .optional());
    }

    /** Puts what it consists of aside, as a recording that goes in a week. */
    long putAside(IndexRows.Row row, Instant now) {
        long original = database.sql("""
                insert into recording (public_id, kind, channel_id, engine_id, folder, state, visibility, title, started_at, ended_at,
                    duration_ms, bytes, deleted_at)
                select :id, 'ORIGINAL', channel_id, gen_random_uuid(), folder, state, 'PRIVATE', title, started_at, ended_at,
                    duration_ms, bytes, :now
                from recording where id = :row returning id
                """)
                .param("id", RecordingId.fresh())
                .param("now", Timestamp.from(now))
                .param("row", row.id())
                .query(Long.class)
                .single();
        move(row.id(), original);
        index.use(row.channelId(), row.bytes());
        return original;
    }

    private void move(long from, long to) {
        for (String table : new String[] {"recording_track", "recording_span", "recording_gap"}) {
            database.sql("update " + table + " set recording_id = ? where recording_id = ?")
                    .param(to)
                    .param(from)
                    .update();
        }
    }

    /** Throws away what it consists of: its objects are garbage. */
    void discard(IndexRows.Row row) {
        database.sql("""
                insert into recording_garbage (object, archived)
                select r.folder || '/' || s.track || '-' || s.ordinal || '.mp4', s.put_at is not null
                from recording_span s join recording r on r.id = s.recording_id where r.id = ? on conflict do nothing
                """).param(row.id()).update();
        for (String table : new String[] {"recording_span", "recording_track", "recording_gap"}) {
            database.sql("delete from " + table + " where recording_id = ?")
                    .param(row.id())
                    .update();
        }
    }

    /** It consists of this now. */
    void replace(Held held, Recording copy, long original, long trimmedMillis) {
        IndexRows.Row row = held.row();
        database.sql("""
                update recording set folder = :folder, started_at = :started, ended_at = :ended, original_id = :original,
                    trimmed_ms = :trimmed, state = 'READY' where id = :id
                """)
                .param("folder", copy.folder())
                .param("started", Timestamp.from(copy.startedAt()))
                .param("ended", Timestamp.from(copy.endedAt().orElse(copy.startedAt())))
                .param("original", original)
                .param("trimmed", trimmedMillis)
                .param("id", row.id())
                .update();
        for (RecordedTrack track : copy.tracks()) {
            insert(row, track);
        }
        for (RecordedSpan span : copy.spans()) {
            index.span(row, span);
        }
        for (RecordingGap gap : copy.gaps()) {
            index.gap(row, gap);
        }
        index.sum(row);
        moveWatchers(row, held.trimmedMillis() - trimmedMillis);
        forgetPicture(row);
    }

    /** It may be of what is cut off: better none than that, until there is another. */
    private void forgetPicture(IndexRows.Row row) {
        database.sql("delete from recording_picture where recording_id = ?")
                .param(row.id())
                .update();
    }

    private void insert(IndexRows.Row row, RecordedTrack track) {
        String name = database.sql("select public_id from recording where id = ?")
                .param(row.id())
                .query(String.class)
                .single();
        index.track(name, track);
    }

    /** It is what it was before. */
    void restore(Held held, long original) {
        IndexRows.Row row = held.row();
        Long bytes = database.sql("select bytes from recording where id = ?")
                .param(original)
                .query(Long.class)
                .single();
        move(original, row.id());
        database.sql("""
                update recording r set folder = o.folder, started_at = o.started_at, ended_at = o.ended_at, state = o.state,
                    original_id = null, trimmed_ms = 0
                from recording o where o.id = ? and r.id = ?
                """).param(original).param(row.id()).update();
        database.sql("delete from recording where id = ?").param(original).update();
        index.sum(row);
        index.use(row.channelId(), -bytes);
        moveWatchers(row, held.trimmedMillis());
        forgetPicture(row);
    }

    /** Whoever was in the middle of it still is. */
    private void moveWatchers(IndexRows.Row row, long more) {
        database.sql("update recording_position set position_ms = greatest(0, position_ms + ?) where recording_id = ?")
                .param(more)
                .param(row.id())
                .update();
    }

    /** Until when it can be had back; empty when it was not trimmed, or too long ago. */
    Optional<Instant> deletedOriginal(String id) {
        return database.sql("""
                select o.deleted_at from recording r join recording o on o.id = r.original_id
                where r.public_id = ? and not o.removing
                """)
                .param(id)
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .optional();
    }
}
