// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import live.millrace.media.recording.RecordingId;
import live.millrace.platform.account.AccountPrincipal;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows as the index writes them, for tests of what shows them. */
public final class Recordings {
    private Recordings() {}

    /** A public video of two hours that is whole. */
    public static String ready(JdbcClient database, long channelId, String title) {
        return insert(database, channelId, title, "READY", "PUBLIC", Instant.parse("2026-11-20T18:00:00Z"));
    }

    /** Any. */
    public static String insert(
            JdbcClient database, long channelId, String title, String state, String visibility, Instant startedAt) {
        String id = RecordingId.fresh();
        database.sql("""
                insert into recording (public_id, channel_id, engine_id, folder, state, visibility, title, started_at, ended_at,
                    duration_ms, bytes)
                values (:id, :channel, :engine, :folder, :state, :visibility, :title, :started, :ended, 7200000, 3600000000)
                """)
                .param("id", id)
                .param("channel", channelId)
                .param("engine", UUID.randomUUID())
                .param("folder", "2026-11/" + id)
                .param("state", state)
                .param("visibility", visibility)
                .param("title", title)
                .param("started", Timestamp.from(startedAt))
                .param("ended", state.equals("RECORDING") ? null : Timestamp.from(startedAt.plusSeconds(7_200)))
                .update();
        return id;
    }

    public static void gap(JdbcClient database, String id, long atMillis, long lostMillis) {
        database.sql("""
                insert into recording_gap (recording_id, at_ms, lost_ms, cause)
                select id, ?, ?, 'ENCODER' from recording where public_id = ?
                """).param(atMillis).param(lostMillis).param(id).update();
        database.sql("update recording set state = 'READY_WITH_GAPS' where public_id = ? and state = 'READY'")
                .param(id)
                .update();
    }

    /** Half a minute of a video, from its fifth minute on. */
    public static String clip(JdbcClient database, String video, AccountPrincipal maker, String title) {
        return clip(database, video, maker, title, 300_000, 330_000);
    }

    public static String clip(
            JdbcClient database, String video, AccountPrincipal maker, String title, long fromMillis, long toMillis) {
        String id = RecordingId.fresh();
        database.sql("""
                insert into recording_clip (public_id, recording_id, account_id, from_ms, to_ms, title, made_at)
                select ?, id, ?, ?, ?, ?, now() from recording where public_id = ?
                """)
                .param(id)
                .param(maker.accountId())
                .param(fromMillis)
                .param(toMillis)
                .param(title)
                .param(video)
                .update();
        return id;
    }

    /** A file of which nothing has come. */
    public static String upload(JdbcClient database, long channelId, String fileName, long bytes) {
        String id = RecordingId.fresh() + RecordingId.fresh();
        database.sql("""
                insert into recording_upload (public_id, channel_id, file_name, title, bytes, state, created_at, changed_at)
                values (?, ?, ?, ?, ?, 'RECEIVING', now(), now())
                """)
                .param(id)
                .param(channelId)
                .param(fileName)
                .param(fileName)
                .param(bytes)
                .update();
        return id;
    }

    /** As it was, or deleted. */
    public static void refresh(JdbcClient database, String id, boolean deleted) {
        database.sql(
                        "update recording set deleted_at = case when ? then now() end, withheld = false where public_id = ?")
                .param(deleted)
                .param(id)
                .update();
    }
}
