// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.watchdog;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the site is stuck: requests wait, and none was answered for a minute, a page that the watchdog asked for included.
 * Then it keeps a thread dump and {@link #stuck} says so. When it is still so a minute later, the process ends, where that is wished.
 * One answer, and all is well again.
 *
 * <p>A person with a slow upload is not a stuck site: the page that is asked for in between is an answer.
 *
 * <p>{@link #look} is called by one thread; {@link #stuck} by any.
 */
class SiteWatchdog {
    private static final Logger LOG = LoggerFactory.getLogger(SiteWatchdog.class);

    /** So long nobody has an answer before the site is asked for a page, which has the rest of {@link #LIMIT} to come. */
    static final Duration SUSPICION = Duration.ofSeconds(40);

    static final Duration LIMIT = Duration.ofSeconds(60);

    /** What the watchdog can do. */
    interface Means {
        /** Asks the site for a page and returns at once. */
        void askForAPage();

        /** Keeps what all threads are doing; answers where, or why not. */
        String dumpThreads();

        /** Ends the process at once, so that whoever started it starts it again. */
        void endProcess();
    }

    private enum Finding {
        /** Answers come, or nobody waits for one. */
        WELL,
        /** No answer for {@link #SUSPICION}: a page has been asked for. */
        SUSPECTED,
        /** No answer for {@link #LIMIT}: threads were dumped. */
        STUCK,
        /** None for {@link #LIMIT} more. */
        STUCK_FOR_GOOD
    }

    private final RequestTally requests;
    private final LongSupplier nanoTime;
    private final Means means;
    private final boolean endProcess;
    private final AtomicReference<Finding> finding = new AtomicReference<>(Finding.WELL);

    // Of the one thread that looks.
    private long answered;
    private long answeredNanos;

    SiteWatchdog(RequestTally requests, LongSupplier nanoTime, Means means, boolean endProcess) {
        this.requests = requests;
        this.nanoTime = nanoTime;
        this.means = means;
        this.endProcess = endProcess;
        this.answeredNanos = nanoTime.getAsLong();
    }

    /** Whether nobody is answered. */
    boolean stuck() {
        return finding.get().compareTo(Finding.STUCK) >= 0;
    }

    /** Looks once; every few seconds. */
    void look() {
        long now = nanoTime.getAsLong();
        long count = requests.answered();
        if (count != answered || requests.waiting() == 0) {
            answered = count;
            answeredNanos = now;
            if (finding.getAndSet(Finding.WELL).compareTo(Finding.STUCK) >= 0) {
                LOG.warn("The site answers again");
            }
            return;
        }
        Duration silence = Duration.ofNanos(now - answeredNanos);
        Finding before = finding.get();
        if (before == Finding.WELL && silence.compareTo(SUSPICION) >= 0) {
            finding.set(Finding.SUSPECTED);
            means.askForAPage();
        } else if (before == Finding.SUSPECTED && silence.compareTo(LIMIT) >= 0) {
            finding.set(Finding.STUCK);
            LOG.error(
                    "The site has answered nobody for {} s while {} requests wait. What its threads do: {}",
                    silence.toSeconds(),
                    requests.waiting(),
                    means.dumpThreads());
            means.askForAPage();
        } else if (before == Finding.STUCK && silence.compareTo(LIMIT.multipliedBy(2)) >= 0) {
            finding.set(Finding.STUCK_FOR_GOOD);
            String dump = means.dumpThreads();
            if (endProcess) {
                LOG.error("The site has answered nobody for {} s and ends. Its threads: {}", silence.toSeconds(), dump);
                means.endProcess();
            } else {
                LOG.error(
                        "The site has answered nobody for {} s. Restart it; millrace.watchdog.end-process does so by itself where"
                                + " something starts it again. Its threads: {}",
                        silence.toSeconds(),
                        dump);
            }
        }
    }
}
