// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What rows say of files, and the reverse. */
@Repository
class SweepRows {
    private static final int PAGE = 1_000;

    /**
     * A span that is whole, of a recording that is.
     *
     * @param archived the bucket has it
     * @param local the disk has it, as far as is known
     */
    record Span(
            long id,
            String recording,
            String object,
            String track,
            int ordinal,
            long start,
            long duration,
            long bytes,
            boolean archived,
            boolean local) {
        static Span of(ResultSet row) throws SQLException {
            String track = row.getString(4);
            int ordinal = row.getInt(5);
            return new Span(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3) + "/" + track + "-" + ordinal + ".mp4",
                    track,
                    ordinal,
                    row.getLong(6),
                    row.getLong(7),
                    row.getLong(8),
                    row.getBoolean(9),
                    row.getBoolean(10));
        }
    }

    private final JdbcClient database;

    SweepRows(JdbcClient database) {
        this.database = database;
    }

    /**
     * All objects that are in a folder, or were until the garbage is taken out.
     *
     * @param folder with its month before it
     */
    Set<String> objects(String folder) {
        Set<String> objects = new HashSet<>(database.sql("""
                select r.folder || '/' || s.track || '-' || s.ordinal || '.mp4'
                from recording r join recording_span s on s.recording_id = r.id where r.folder = ?
                """)
                .param(folder)
                .query((row, _) -> row.getString(1))
                .list());
        objects.addAll(database.sql("select object from recording_garbage where object like ? || '/%'")
                .param(folder.replace("_", "\\_"))
                .query((row, _) -> row.getString(1))
                .list());
        return objects;
    }

    /** Some that are whole, behind this one. */
    List<Span> closed(@Nullable Span after) {
        return database.sql("""
                select r.id, r.public_id, r.folder, s.track, s.ordinal, s.start_ms, s.duration_ms, s.bytes,
                    s.archived_at is not null, s.local
                from recording_span s join recording r on r.id = s.recording_id
                where s.closed and r.state <> 'RECORDING' and not r.removing
                    and (s.recording_id, s.track, s.ordinal) > (:id, :track, :ordinal)
                order by s.recording_id, s.track, s.ordinal limit :page
                """)
                .param("id", after == null ? 0L : after.id(), Types.BIGINT)
                .param("track", after == null ? "" : after.track())
                .param("ordinal", after == null ? -1 : after.ordinal())
                .param("page", PAGE)
                .query((row, _) -> Span.of(row))
                .list();
    }

    /** The disk has one that the bucket has, or has it not. */
    void local(Span span, boolean there) {
        database.sql("""
                update recording_span set local = ?
                where recording_id = ? and track = ? and ordinal = ? and archived_at is not null
                """)
                .param(there)
                .param(span.id())
                .param(span.track())
                .param(span.ordinal())
                .update();
    }

    /** Forgets a span; what follows in its track does not continue what was before it. */
    void drop(long recording, Span span) {
        database.sql("delete from recording_span where recording_id = ? and track = ? and ordinal = ?")
                .param(recording)
                .param(span.track())
                .param(span.ordinal())
                .update();
        database.sql("""
                update recording_span set discontinuity = true where recording_id = :id and track = :track and ordinal = (
                    select min(ordinal) from recording_span where recording_id = :id and track = :track and ordinal > :ordinal)
                """)
                .param("id", recording)
                .param("track", span.track())
                .param("ordinal", span.ordinal())
                .update();
    }

    void swept(StoreSweep.Found found, Instant now) {
        database.sql("update recording_store set swept_at = ?, files = ?, unknown = ?, missing = ?, refused = ?")
                .param(Timestamp.from(now))
                .param(found.files())
                .param(found.unknown())
                .param(found.missing())
                .param(found.refused())
                .update();
    }
}
