// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What is done after a transaction waits here until its connection is back in the pool. Done a moment earlier it would hold one
 * connection and ask for another: as many at once as the pool has, and all of them wait for each other. Of one thread: a transaction that
 * is set aside for another keeps its own work.
 */
public final class AfterRelease {
    private static final Logger LOG = LoggerFactory.getLogger(AfterRelease.class);
    private static final ThreadLocal<Deque<List<Runnable>>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

    private AfterRelease() {}

    /** Whether this thread is in a transaction, and so holds a connection: then it waits for nobody who may want one. */
    public static boolean holdsConnection() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

    /** A transaction of this thread has begun; whoever says so says when its connection is back as well. */
    public static void begun() {
        OPEN.get().push(new ArrayList<>());
    }

    /** Keeps work for the end of this thread's transaction; false where nobody would do it. */
    static boolean add(Runnable work) {
        List<Runnable> waiting = OPEN.get().peek();
        if (waiting == null) {
            OPEN.remove();
            return false;
        }
        waiting.add(work);
        return true;
    }

    /** The connection is back: does what waited for it, each whatever becomes of the others. */
    public static void released() {
        Deque<List<Runnable>> open = OPEN.get();
        List<Runnable> waiting = open.isEmpty() ? List.of() : open.pop();
        if (open.isEmpty()) {
            OPEN.remove();
        }
        for (Runnable work : waiting) {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("What follows a transaction failed", e);
            }
        }
    }
}
