// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks that take long, each for a subject: no subject has more than one of them done at a time, and their turns go round, so that whoever asks
 * much about one delays nobody who asks about another. Thread-safe.
 */
final class FairTasks {
    private static final Logger LOG = LoggerFactory.getLogger(FairTasks.class);

    private final Executor threads;
    private final int most;
    private final int mostOfSubject;
    private final int mostAtOnce;
    private final Map<String, Queue<Runnable>> waiting = new LinkedHashMap<>();
    private final Set<String> busy = new HashSet<>();
    private int count;

    /**
     * @param threads where they are done; has to take {@code mostAtOnce} of them
     * @param most that wait
     * @param mostOfSubject of them that wait for one subject
     */
    FairTasks(Executor threads, int mostAtOnce, int most, int mostOfSubject) {
        this.threads = threads;
        this.mostAtOnce = mostAtOnce;
        this.most = most;
        this.mostOfSubject = mostOfSubject;
    }

    /** Does it when its turn comes; throws a {@link RejectedExecutionException} when too many wait. */
    synchronized void submit(String subject, Runnable task) {
        Queue<Runnable> queue = waiting.get(subject);
        if (count >= most || (queue != null && queue.size() >= mostOfSubject)) {
            throw new RejectedExecutionException("too many wait");
        }
        waiting.computeIfAbsent(subject, _ -> new ArrayDeque<>()).add(task);
        count++;
        next();
    }

    private synchronized void next() {
        Iterator<Map.Entry<String, Queue<Runnable>>> all = waiting.entrySet().iterator();
        while (busy.size() < mostAtOnce && all.hasNext()) {
            Map.Entry<String, Queue<Runnable>> entry = all.next();
            String subject = entry.getKey();
            if (busy.contains(subject)) {
                continue;
            }
            Runnable task = entry.getValue().remove();
            count--;
            if (entry.getValue().isEmpty()) {
                all.remove();
            }
            busy.add(subject);
            start(subject, task);
        }
    }

    private void start(String subject, Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    done(subject);
                }
            });
        } catch (RejectedExecutionException closed) {
            busy.remove(subject);
            throw closed;
        }
    }

    private synchronized void done(String subject) {
        busy.remove(subject);
        Queue<Runnable> rest = waiting.remove(subject);
        if (rest != null) {
            waiting.put(subject, rest); // behind the others
        }
        try {
            next();
        } catch (RejectedExecutionException closed) {
            LOG.debug("Nothing is done any more", closed);
        }
    }
}
