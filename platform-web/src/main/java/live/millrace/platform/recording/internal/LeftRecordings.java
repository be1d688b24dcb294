// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.live.BroadcastLeft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/** Finishes recordings whose broadcast is over and whose engine does not say so: its process is gone. */
@Component
class LeftRecordings {
    private static final Logger LOG = LoggerFactory.getLogger(LeftRecordings.class);

    /** By then an engine has said what it has to say, also after a short absence of the database. */
    private static final Duration SAID = Duration.ofMinutes(10);

    private record Left(String id, Instant at) {}

    private final JdbcClient database;
    private final JdbcRecordingIndex index;
    private final ObjectProvider<Engine> engine;
    private final Clock clock;

    LeftRecordings(JdbcClient database, JdbcRecordingIndex index, ObjectProvider<Engine> engine, Clock clock) {
        this.database = database;
        this.index = index;
        this.engine = engine;
        this.clock = clock;
    }

    /** The engine keeps what was left in mind until then. */
    @TransactionalEventListener
    void forget(BroadcastLeft event) {
        engine.getObject().finishRecording(event.engineId());
    }

    /** In the transaction that the broadcast's end is written down in. */
    @EventListener
    void on(BroadcastLeft event) {
        database.sql("select public_id from recording where engine_id = ? and state = 'RECORDING'")
                .param(event.engineId())
                .query(String.class)
                .list()
                .forEach(id -> index.end(id, event.endedAt()));
    }

    /** What neither the engine nor the end of a wait finished. */
    @Transactional
    public void finish() {
        List<Left> left = database.sql("""
                select r.public_id, coalesce(b.ended_at, r.started_at + r.duration_ms * interval '1 millisecond')
                from recording r left join live_broadcast b on b.engine_id = r.engine_id
                where r.state = 'RECORDING' and (b.ended_at < :said or b.id is null and r.started_at < :said)
                """)
                .param("said", Timestamp.from(clock.instant().minus(SAID)))
                .query((row, _) ->
                        new Left(row.getString(1), row.getTimestamp(2).toInstant()))
                .list();
        left.forEach(one -> {
            LOG.info("Recording {} was left open and is finished", one.id());
            index.end(one.id(), one.at());
        });
    }
}
