// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What follows a transaction and missed the database is done when that is back, in order. In memory: a process that ends meanwhile takes
 * with it whom it would have told.
 */
@Component
class AfterAbsence {
    private static final Logger LOG = LoggerFactory.getLogger(AfterAbsence.class);

    /** What is done while a database is away needs it before it gets here, so that hardly anything waits. Beyond, it is lost and said. */
    static final int MOST = 10_000;

    /** Each with another connection, or after another absence. */
    static final int TRIES = 30;

    private record Waiting(Runnable work, int tries) {}

    private final DatabaseState database;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(MOST);

    AfterAbsence(DatabaseState database) {
        this.database = database;
    }

    void add(Runnable work) {
        add(new Waiting(work, 0));
    }

    private void add(Waiting next) {
        if (next.tries() == TRIES || !waiting.offer(next)) {
            LOG.error(
                    "What follows a transaction was lost: {} connections failed with it, or too much waits",
                    next.tries());
        }
    }

    /** Also when only one connection was lost: nobody says then that the database is back. */
    @Scheduled(fixedDelay = 1_000)
    void catchUp() {
        for (int left = waiting.size(); left > 0 && !database.away(); left--) {
            Waiting next = waiting.poll();
            if (next == null) {
                return;
            }
            try {
                next.work().run();
            } catch (RuntimeException e) {
                if (DatabaseState.causes(e)) {
                    add(new Waiting(next.work(), next.tries() + 1));
                } else {
                    LOG.error("What follows a transaction failed", e);
                }
            }
        }
    }
}
