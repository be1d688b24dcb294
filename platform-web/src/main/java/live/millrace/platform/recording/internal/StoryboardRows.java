// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import io.netty.buffer.Unpooled;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.SegmentTable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which spans have small pictures beside them. */
@Repository
class StoryboardRows {
    /**
     * A span that is whole and that nobody made pictures of yet.
     *
     * @param object where its bytes are in the store
     */
    record Bare(long recording, String object, RecordedTrack track, RecordedSpan span) {
        static Bare of(ResultSet row) throws SQLException {
            String name = row.getString("track");
            int ordinal = row.getInt("ordinal");
            int format = row.getInt("format");
            return new Bare(
                    row.getLong("recording_id"),
                    Recording.object(row.getString("folder"), name, ordinal),
                    new RecordedTrack(
                            name,
                            format,
                            row.getString("codec"),
                            row.getInt("timescale"),
                            row.getInt("width"),
                            row.getInt("height"),
                            Unpooled.wrappedBuffer(row.getBytes("initialization"))
                                    .asReadOnly()),
                    new RecordedSpan(
                            name,
                            ordinal,
                            format,
                            row.getBoolean("discontinuity"),
                            row.getLong("start_ms"),
                            row.getLong("base_decode_time"),
                            row.getLong("bytes"),
                            SegmentTable.unpack(row.getBytes("segments")),
                            true));
        }
    }

    private final JdbcClient database;

    StoryboardRows(JdbcClient database) {
        this.database = database;
    }

    /** What was broadcast last comes first: somebody watches it now. */
    List<Bare> bare(int most) {
        return database.sql("""
                select s.recording_id, r.folder, s.track, s.ordinal, s.format, s.discontinuity, s.start_ms, s.base_decode_time, s.bytes,
                    s.segments, t.codec, t.timescale, t.width, t.height, t.initialization
                from recording_span s join recording r on r.id = s.recording_id
                join recording_track t on t.recording_id = s.recording_id and t.track = s.track and t.format = s.format
                where s.closed and s.local and s.pictures is null and s.track = 'v0' and not r.removing and r.deleted_at is null
                order by r.started_at desc, s.ordinal limit ?
                """).param(most).query((row, _) -> Bare.of(row)).list();
    }

    /**
     * So many pictures of it are there; 0 when there can be none.
     *
     * @return false when the span is no more
     */
    boolean made(Bare bare, int pictures) {
        return database.sql(
                                "update recording_span set pictures = ? where recording_id = ? and track = ? and ordinal = ?")
                        .param(pictures)
                        .param(bare.recording())
                        .param(bare.span().track())
                        .param(bare.span().ordinal())
                        .update()
                > 0;
    }
}
