// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.replay;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Where people stopped watching: one place for each of them and each video. Thread-safe. */
@Repository
public class Positions {
    private final JdbcClient database;
    private final Clock clock;

    Positions(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Where somebody goes on, in milliseconds of media; empty at the beginning. */
    public OptionalLong of(long accountId, String videoId) {
        return database.sql("""
                select p.position_ms from recording_position p join recording r on r.id = p.recording_id
                where p.account_id = ? and r.public_id = ?
                """)
                .param(accountId)
                .param(videoId)
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /** Remembers where somebody is. There is nothing to remember at the beginning, nor of a video that is no more. */
    public void put(long accountId, String videoId, long positionMillis) {
        if (positionMillis == 0) {
            database.sql("""
                    delete from recording_position where account_id = ?
                        and recording_id = (select id from recording where public_id = ?)
                    """).param(accountId).param(videoId).update();
            return;
        }
        database.sql("""
                insert into recording_position (account_id, recording_id, position_ms, seen_at)
                select :account, id, :position, :now from recording where public_id = :video and deleted_at is null
                on conflict (account_id, recording_id) do update
                    set position_ms = excluded.position_ms, seen_at = excluded.seen_at
                """)
                .param("account", accountId)
                .param("position", positionMillis)
                .param("now", Timestamp.from(clock.instant()))
                .param("video", videoId)
                .update();
    }
}
