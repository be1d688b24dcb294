// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.watchdog;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the site is stuck: nobody was answered for a while, and neither is the watchdog, which then asks for a page like anybody.
 * Then it keeps a thread dump and {@link #stuck} says so. When it is still so a minute later, the process ends, where that is wished. One
 * answer, to whomever, and all is well again.
 *
 * <p>So a site that nobody visits is asked for a page now and then, and a person with a slow upload is no stuck site. A page that could
 * not be asked for, because the site listens where the watchdog does not reach it, says nothing.
 *
 * <p>{@link #look} is called by one thread; {@link #stuck} by any.
 */
class SiteWatchdog {
    private static final Logger LOG = LoggerFactory.getLogger(SiteWatchdog.class);

    /** So long nobody has an answer before the site is asked for a page. */
    static final Duration SUSPICION = Duration.ofSeconds(40);

    /** So long the page may take. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** So long a site that was found stuck has to answer somebody. */
    static final Duration SECOND_LOOK = Duration.ofSeconds(60);

    /** What the watchdog can do. */
    interface Means {
        /** Asks the site for a page and returns at once. */
        void askForAPage();

        /** Whether the site has the question that was asked last, as far as the network knows. */
        boolean asked();

        /** Keeps what all threads are doing; answers where, or why not. */
        String dumpThreads();

        /** Ends the process at once, so that whoever started it starts it again. */
        void endProcess();
    }

    private enum Finding {
        /** Somebody was answered a moment ago. */
        WELL,
        /** Nobody was for {@link #SUSPICION}: a page has been asked for. */
        SUSPECTED,
        /** The page did not come within {@link #PATIENCE}: threads were dumped. */
        STUCK,
        /** Nothing came for {@link #SECOND_LOOK} more. */
        STUCK_FOR_GOOD
    }

    private final RequestTally requests;
    private final LongSupplier nanoTime;
    private final Means means;
    private final boolean endProcess;
    private volatile Finding finding = Finding.WELL;

    // Of the one thread that looks.
    private long answered;
    private long foundNanos;

    SiteWatchdog(RequestTally requests, LongSupplier nanoTime, Means means, boolean endProcess) {
        this.requests = requests;
        this.nanoTime = nanoTime;
        this.means = means;
        this.endProcess = endProcess;
    }

    /** Whether nobody is answered. */
    boolean stuck() {
        return finding.compareTo(Finding.STUCK) >= 0;
    }

    /** The site takes requests from now on. */
    void begin() {
        found(Finding.WELL);
    }

    /** Looks once; every few seconds. */
    void look() {
        long count = requests.answered();
        if (count != answered) {
            answered = count;
            if (stuck()) {
                LOG.warn("The site answers again");
            }
            found(Finding.WELL);
            return;
        }
        Duration since = Duration.ofNanos(nanoTime.getAsLong() - foundNanos);
        switch (finding) {
            case WELL -> {
                if (since.compareTo(SUSPICION) >= 0) {
                    found(Finding.SUSPECTED);
                    means.askForAPage();
                }
            }
            case SUSPECTED -> {
                if (since.compareTo(PATIENCE) >= 0) {
                    if (means.asked()) {
                        stuck(Finding.STUCK);
                        means.askForAPage();
                    } else {
                        found(Finding.WELL);
                    }
                }
            }
            case STUCK -> {
                if (since.compareTo(SECOND_LOOK) >= 0) {
                    stuck(Finding.STUCK_FOR_GOOD);
                    if (endProcess) {
                        LOG.error("The site ends, to be started again");
                        means.endProcess();
                    }
                }
            }
            case STUCK_FOR_GOOD -> {
                // An answer may still come.
            }
        }
    }

    private void stuck(Finding next) {
        found(next);
        LOG.error(
                "The site answers nobody while {} requests wait; restart it, or see millrace.watchdog.end-process. What its threads do: {}",
                requests.waiting(),
                means.dumpThreads());
    }

    private void found(Finding next) {
        finding = next;
        foundNanos = nanoTime.getAsLong();
    }
}
