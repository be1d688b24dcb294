// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.platform.channel.Visibility;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What clips hold on to, and what they have of their own; each call within a transaction. */
@Repository
class ClipRows {
    /** Clips that a video is kept for: of one that nobody finds there are none. */
    static final String HELD = """
            (exists (select from recording_clip k where k.recording_id = r.id and k.own_recording is null and k.deleted_at is null)
            and r.deleted_at is null and r.visibility <> 'PRIVATE' and r.channel_id is not null)""";

    /** A clip that is a reference. */
    record Reference(long id, String name, long fromMillis, long toMillis, String title) {}

    private final JdbcClient database;
    private final IndexRows index;

    ClipRows(JdbcClient database, IndexRows index) {
        this.database = database;
        this.index = index;
    }

    /** Whom a copy of a clip is for, of a recording that is held. */
    private Visibility visibility(Reference clip, IndexRows.Row source) {
        return database.sql("""
                select r.visibility, k.visibility from recording r, recording_clip k where r.id = ? and k.id = ? for update of k
                """)
                .param(source.id())
                .param(clip.id())
                .query((row, _) -> Visibility.valueOf(row.getString(1)).and(Visibility.valueOf(row.getString(2))))
                .single();
    }

    /** Some of those that refer to a recording, behind this one. */
    List<Reference> referring(String recording, long after, int most) {
        return database.sql("""
                select id, public_id, from_ms, to_ms, title from recording_clip
                where recording_id = (select id from recording where public_id = ?) and own_recording is null
                    and deleted_at is null and id > ?
                order by id limit ?
                """)
                .param(recording)
                .param(after)
                .param(most)
                .query((row, _) -> new Reference(
                        row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4), row.getString(5)))
                .list();
    }

    /** Gives a clip a recording that was copied for it; what is said of the source is said of that. Whoever deleted it meanwhile needs none. */
    void own(Reference clip, IndexRows.Row source, Recording copy) {
        Visibility visibility = visibility(clip, source);
        long id = database.sql("""
                insert into recording (public_id, kind, channel_id, engine_id, folder, state, visibility, title, category_id, language,
                    mature, started_at, ended_at, duration_ms, bytes)
                select :id, 'CLIP', channel_id, engine_id, :folder, :state, :visibility, :title, category_id, language,
                    mature, :started, :ended, :duration, :bytes
                from recording where id = :source returning id
                """)
                .param("id", copy.id())
                .param("folder", copy.folder())
                .param("state", copy.gaps().isEmpty() ? "READY" : "READY_WITH_GAPS")
                .param("title", clip.title())
                .param("visibility", visibility.name())
                .param("started", Timestamp.from(copy.startedAt()))
                .param("ended", Timestamp.from(copy.endedAt().orElse(copy.startedAt())))
                .param("duration", copy.durationMillis())
                .param("bytes", copy.bytes())
                .param("source", source.id())
                .query(Long.class)
                .single();
        IndexRows.Row row = new IndexRows.Row(id, source.channelId(), "READY", copy.bytes());
        for (RecordedTrack track : copy.tracks()) {
            index.track(copy.id(), track);
        }
        for (RecordedSpan span : copy.spans()) {
            index.span(row, span);
        }
        for (RecordingGap gap : copy.gaps()) {
            index.gap(row, gap);
        }
        boolean taken = database.sql("""
                        update recording_clip set own_recording = ?, visibility = ?
                        where id = ? and own_recording is null and deleted_at is null
                        """)
                        .param(id)
                        .param(visibility.name())
                        .param(clip.id())
                        .update()
                > 0;
        if (!taken) {
            database.sql("update recording set removing = true, deleted_at = now() where id = ?")
                    .param(id)
                    .update();
        }
    }

    /** A clip whose bytes are lost is none. */
    void lose(Reference clip, Instant now) {
        database.sql(
                        "update recording_clip set deleted_at = ? where id = ? and own_recording is null and deleted_at is null")
                .param(Timestamp.from(now))
                .param(clip.id())
                .update();
    }

    /**
     * Clips of what somebody deleted, or hid, go with it, also those with bytes of their own; and nothing is left of those that were deleted
     * long ago, or of which there is nothing.
     */
    void follow(Instant now, Instant longAgo) {
        database.sql("""
                with gone as (
                    update recording_clip k set deleted_at = :now from recording r
                    where r.id = k.recording_id and r.removing and k.deleted_at is null
                        and (r.deleted_by is not null or r.visibility = 'PRIVATE' or r.channel_id is null)
                    returning k.own_recording)
                update recording o set removing = true, deleted_at = coalesce(o.deleted_at, :now)
                from gone g where o.id = g.own_recording
                """).param("now", Timestamp.from(now)).update();
        database.sql("""
                delete from recording_clip where deleted_at < :ago or recording_id is null and own_recording is null
                """).param("ago", Timestamp.from(longAgo)).update();
    }

    Optional<IndexRows.Row> lock(String recording) {
        return index.lock(recording);
    }
}
