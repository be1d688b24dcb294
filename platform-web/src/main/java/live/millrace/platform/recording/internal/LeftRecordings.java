// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.live.BroadcastLeft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finishes recordings whose broadcast is over and whose process is gone. An engine that mended one says itself that it ended, behind what
 * it has to say of it; of what no engine knows it is written down here.
 */
@Component
class LeftRecordings {
    private static final Logger LOG = LoggerFactory.getLogger(LeftRecordings.class);

    /** By then an engine has said what it has to say, also after a short absence of the database. */
    private static final Duration SAID = Duration.ofMinutes(10);

    private record Left(String id, UUID broadcast, Instant at) {}

    private final JdbcClient database;
    private final JdbcRecordingIndex index;
    private final ObjectProvider<Engine> engine;
    private final TransactionTemplate transaction;
    private final Clock clock;

    LeftRecordings(
            JdbcClient database,
            JdbcRecordingIndex index,
            ObjectProvider<Engine> engine,
            TransactionTemplate transaction,
            Clock clock) {
        this.database = database;
        this.index = index;
        this.engine = engine;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Nobody waits for some: their broadcasts were closed before the engine began. It has mended them by now. */
    @EventListener
    void on(EngineStarted event) {
        finish(clock.instant());
    }

    @TransactionalEventListener
    void on(BroadcastLeft event) {
        if (!engine.getObject().finishRecording(event.engineId())) {
            database.sql("select public_id from recording where engine_id = ? and state = 'RECORDING'")
                    .param(event.engineId())
                    .query((row, _) -> row.getString(1))
                    .list()
                    .forEach(id -> end(id, event.endedAt()));
        }
    }

    /** What neither the engine nor the end of a wait finished. */
    void finish() {
        finish(clock.instant().minus(SAID));
    }

    private void finish(Instant overBefore) {
        List<Left> left = database.sql("""
                select r.public_id, r.engine_id, coalesce(b.ended_at, r.started_at + r.duration_ms * interval '1 millisecond')
                from recording r left join live_broadcast b on b.engine_id = r.engine_id
                where r.state = 'RECORDING' and (b.ended_at < :over or b.id is null and r.started_at < :over)
                """)
                .param("over", Timestamp.from(overBefore))
                .query((row, _) -> new Left(
                        row.getString(1),
                        row.getObject(2, UUID.class),
                        row.getTimestamp(3).toInstant()))
                .list();
        left.forEach(one -> {
            if (!engine.getObject().finishRecording(one.broadcast())) {
                LOG.info("Recording {} was left open and is finished", one.id());
                end(one.id(), one.at());
            }
        });
    }

    private void end(String id, Instant at) {
        transaction.executeWithoutResult(_ -> index.end(id, at));
    }
}
