// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** The thread of the archive: of each process, because each has a disk. An upload that a stop breaks off is made again by the next. */
@Component
class ArchiveThread implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveThread.class);

    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final RecordingArchive archive;
    private final RecordingBucket bucket;
    private volatile @Nullable Thread thread;

    ArchiveThread(RecordingArchive archive, RecordingBucket bucket) {
        this.archive = archive;
        this.bucket = bucket;
    }

    @Override
    public void start() {
        if (bucket.bucket().isPresent()) {
            thread = Thread.ofPlatform().name("recording-upload").daemon().start(this::work);
        }
    }

    private void work() {
        while (Thread.currentThread().equals(thread)) {
            try {
                TimeUnit.NANOSECONDS.sleep(round().toNanos());
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    /** Whatever fails in it, the thread goes on. */
    private Duration round() {
        try {
            return archive.round();
        } catch (DataAccessException | TransactionException away) {
            LOG.debug("The database is away", away);
        } catch (RuntimeException e) {
            LOG.error("Recordings were not brought into the bucket, by our fault", e);
        }
        return AFTER_A_FAILURE;
    }

    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(LAST_WORDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
