// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.platform.recording.RecordingStorage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Sums for the console, and its buttons: what they begin runs on a thread of its own, one at a time. */
@Service
class SiteRecordingStorage implements RecordingStorage {
    private static final Logger LOG = LoggerFactory.getLogger(SiteRecordingStorage.class);
    private static final int RATE_DAYS = 7;

    private record Sums(long videos, long running, long bytes, long garbage, long lately, boolean aDay) {}

    private final JdbcClient database;
    private final RecordingStore store;
    private final RecordingRetention retention;
    private final StoreSweep sweep;
    private final ArchiveState archive;
    private final Clock clock;
    private final AtomicBoolean working = new AtomicBoolean();

    SiteRecordingStorage(
            JdbcClient database,
            RecordingStore store,
            RecordingRetention retention,
            StoreSweep sweep,
            ArchiveState archive,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.retention = retention;
        this.sweep = sweep;
        this.archive = archive;
        this.clock = clock;
    }

    @Override
    public Overview overview() {
        Sums sums = database.sql("""
                select count(*) filter (where kind in ('LIVE', 'UPLOAD')), count(*) filter (where state = 'RECORDING'), coalesce(sum(bytes), 0),
                    (select count(*) from recording_garbage), coalesce(sum(bytes) filter (where started_at > ?), 0),
                    coalesce(min(started_at) <= ?, false)
                from recording
                """)
                .param(Timestamp.from(clock.instant().minus(Duration.ofDays(RATE_DAYS))))
                .param(Timestamp.from(clock.instant().minus(Duration.ofDays(1))))
                .query((row, _) -> new Sums(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getBoolean(6)))
                .single();
        Optional<RecordingStore.Space> space = store.space();
        long free = space.map(RecordingStore.Space::free).orElse(0L);
        long quota = retention.siteQuota().orElse(0);
        long onDisk = archive.view().map(Archive::onDisk).orElse(sums.bytes());
        long perDay = sums.lately() / RATE_DAYS;
        return new Overview(
                store.directory().toString(),
                store.ours(),
                sums.videos(),
                sums.running(),
                sums.bytes(),
                onDisk,
                quota,
                free,
                space.map(RecordingStore.Space::size).orElse(0L),
                perDay,
                perDay == 0 || !sums.aDay() || space.isEmpty() || store.archives()
                        ? null
                        : Math.max(0, Math.min(free, quota - sums.bytes())) / perDay,
                sums.garbage(),
                lost(),
                lastSweep());
    }

    @Override
    public Optional<Archive> archive() {
        return archive.view();
    }

    private long lost() {
        try {
            return sweep.lostBytes();
        } catch (IOException gone) {
            return 0;
        }
    }

    private @Nullable Sweep lastSweep() {
        return database.sql(
                        "select swept_at, files, unknown, missing, refused from recording_store where swept_at is not null")
                .query((row, _) -> new Sweep(
                        row.getTimestamp(1).toInstant(),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getBoolean(5)))
                .optional()
                .orElse(null);
    }

    @Override
    public List<ChannelUse> channels(int most) {
        return database.sql("""
                select c.name, coalesce(nullif(c.display_name, ''), c.name), count(r.id) filter (where r.kind in ('LIVE', 'UPLOAD')), u.bytes
                from recording_usage u join channel c on c.id = u.channel_id left join recording r on r.channel_id = c.id
                where u.bytes > 0 group by c.id, c.name, c.display_name, u.bytes order by u.bytes desc, c.name limit ?
                """)
                .param(most)
                .query((row, _) -> new ChannelUse(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)))
                .list();
    }

    @Override
    public boolean working() {
        return working.get();
    }

    @Override
    public boolean clearUp() {
        return begin(retention::run);
    }

    @Override
    public boolean sweep(boolean anyway) {
        return begin(() -> sweep.sweep(anyway));
    }

    private boolean begin(Runnable work) {
        if (!working.compareAndSet(false, true)) {
            return false;
        }
        Thread.ofPlatform().name("recording-storage").daemon().start(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.warn("What the console asked for recordings failed", e);
            } finally {
                working.set(false);
            }
        });
        return true;
    }
}
