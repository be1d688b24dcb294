// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import live.millrace.media.recording.SegmentTable;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The statements by which spans go to the bucket, leave the disk, and go from the bucket. */
@Repository
class ArchiveRows {
    /** Spans, or objects, that are taken at a time. */
    static final int SET = 500;

    private static final int PAGE = 50;

    /** Which span. */
    record Key(long recording, String track, int ordinal) {}

    /**
     * A closed span.
     *
     * @param object its name, on the disk and in the bucket
     */
    record Span(Key key, String object, long bytes, SegmentTable segments, Instant closedAt) {
        static Span of(ResultSet row) throws SQLException {
            Key key = new Key(row.getLong(1), row.getString(2), row.getInt(3));
            return new Span(
                    key,
                    row.getString(4) + "/" + key.track() + "-" + key.ordinal() + ".mp4",
                    row.getLong(5),
                    SegmentTable.unpack(row.getBytes(6)),
                    row.getTimestamp(7).toInstant());
        }
    }

    /** What the bucket may have and nobody refers to. */
    record Garbage(long id, String object) {}

    /**
     * How it stands.
     *
     * @param waiting closed spans that the bucket has not
     * @param oldest since when the first of them is closed; null without any
     */
    record Figures(long waiting, @Nullable Instant oldest) {}

    /** What lies where, in bytes. */
    record Sums(long archived, long archivedBytes, long awayBytes, long allBytes) {}

    private final JdbcClient database;

    ArchiveRows(JdbcClient database) {
        this.database = database;
    }

    // ---- into the bucket --------------------------------------------------------------------------------------

    /** Some that the bucket has not, the oldest first, behind this one. */
    List<Span> waiting(@Nullable Span after) {
        return database.sql("""
                select s.recording_id, s.track, s.ordinal, r.folder, s.bytes, s.segments, s.closed_at
                from recording_span s join recording r on r.id = s.recording_id
                where s.closed and s.archived_at is null and not r.removing
                    and (s.closed_at, s.recording_id, s.track, s.ordinal) > (:at, :recording, :track, :ordinal)
                order by s.closed_at, s.recording_id, s.track, s.ordinal limit :page
                """)
                .param("at", Timestamp.from(after == null ? Instant.EPOCH : after.closedAt()))
                .param("recording", after == null ? 0L : after.key().recording())
                .param("track", after == null ? "" : after.key().track())
                .param("ordinal", after == null ? -1 : after.key().ordinal())
                .param("page", PAGE)
                .query((row, _) -> Span.of(row))
                .list();
    }

    /** From now on something of it may be in the bucket; answers false when it is no more. */
    boolean putting(Span span, Instant now) {
        return database.sql("update recording_span set put_at = ? where recording_id = ? and track = ? and ordinal = ?")
                        .param(Timestamp.from(now))
                        .param(span.key().recording())
                        .param(span.key().track())
                        .param(span.key().ordinal())
                        .update()
                > 0;
    }

    /**
     * The bucket has all of it. Answers false when it is no more, or is not what was put.
     *
     * @param sha256 in hexadecimal digits; null when nobody read it
     */
    boolean archived(Span span, @Nullable String sha256, Instant now) {
        return database.sql("""
                update recording_span set put_at = coalesce(put_at, :now), archived_at = :now, sha256 = coalesce(:sha, sha256)
                where recording_id = :recording and track = :track and ordinal = :ordinal and closed and bytes = :bytes
                """)
                        .param("now", Timestamp.from(now))
                        .param("sha", sha256 == null ? null : HexFormat.of().parseHex(sha256), Types.BINARY)
                        .param("recording", span.key().recording())
                        .param("track", span.key().track())
                        .param("ordinal", span.key().ordinal())
                        .param("bytes", span.bytes())
                        .update()
                > 0;
    }

    /** The bucket has it no more, or never had all of it: it is put again. */
    void lost(Span span) {
        database.sql("""
                update recording_span set archived_at = null
                where recording_id = ? and track = ? and ordinal = ? and local
                """)
                .param(span.key().recording())
                .param(span.key().track())
                .param(span.key().ordinal())
                .update();
    }

    // ---- from the disk ----------------------------------------------------------------------------------------

    /** Some that the bucket has since then at least and the disk has as well, the oldest first. */
    List<Span> leaving(Instant before) {
        return database.sql("""
                select s.recording_id, s.track, s.ordinal, r.folder, s.bytes, s.segments, s.closed_at
                from recording_span s join recording r on r.id = s.recording_id
                where s.local and s.archived_at <= ? order by s.archived_at limit ?
                """)
                .param(Timestamp.from(before))
                .param(SET)
                .query((row, _) -> Span.of(row))
                .list();
    }

    /** Some of those whose copies are with the bucket longest, until there is room for so many bytes. */
    List<Span> leavingFor(long bytes) {
        return database.sql("""
                select s.recording_id, s.track, s.ordinal, r.folder, s.bytes, s.segments, s.closed_at
                from (select *, sum(bytes) over (order by archived_at, recording_id, track, ordinal) - bytes as before
                      from recording_span where local and archived_at is not null) s
                join recording r on r.id = s.recording_id
                where s.before < ? order by s.archived_at limit ?
                """)
                .param(bytes)
                .param(SET)
                .query((row, _) -> Span.of(row))
                .list();
    }

    /** The disk has them no more. */
    void left(List<Span> spans) {
        database.sql("""
                update recording_span s set local = false
                from unnest(?::bigint[], ?::text[], ?::int[]) as gone (recording_id, track, ordinal)
                where s.recording_id = gone.recording_id and s.track = gone.track and s.ordinal = gone.ordinal
                    and s.archived_at is not null
                """)
                .param(spans.stream().map(span -> span.key().recording()).toArray(Long[]::new))
                .param(spans.stream().map(span -> span.key().track()).toArray(String[]::new))
                .param(spans.stream().map(span -> span.key().ordinal()).toArray(Integer[]::new))
                .update();
    }

    // ---- from the bucket --------------------------------------------------------------------------------------

    /** Some that the bucket may have and the disk has not. */
    List<Garbage> garbage() {
        return database.sql("""
                select id, object from recording_garbage where archived and not local order by id limit ?
                """)
                .param(SET)
                .query((row, _) -> new Garbage(row.getLong(1), row.getString(2)))
                .list();
    }

    void drop(Garbage garbage) {
        database.sql("delete from recording_garbage where id = ?")
                .param(garbage.id())
                .update();
    }

    /** The bucket has what nobody refers to any more: its row went while it was put. */
    void discard(String object) {
        database.sql("""
                insert into recording_garbage (object, local, archived) values (?, false, true)
                on conflict (object) do update set archived = true
                """).param(object).update();
    }

    // ---- how it stands ----------------------------------------------------------------------------------------

    Figures figures() {
        return database.sql("select count(*), min(closed_at) from recording_span where closed and archived_at is null")
                .query((row, _) -> new Figures(
                        row.getLong(1),
                        Optional.ofNullable(row.getTimestamp(2))
                                .map(Timestamp::toInstant)
                                .orElse(null)))
                .single();
    }

    Sums sums() {
        return database.sql("""
                select count(*), coalesce(sum(bytes), 0), coalesce(sum(bytes) filter (where not local), 0),
                    (select coalesce(sum(bytes), 0) from recording)
                from recording_span where archived_at is not null
                """)
                .query((row, _) -> new Sums(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .single();
    }
}
