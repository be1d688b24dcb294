// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the index what happened, in order and until it has heard it: an index that is away for an hour costs a list of the spans of that hour.
 * Of a span only the newest state waits. Thread-safe; nothing blocks but {@link #close}.
 */
final class IndexTeller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexTeller.class);
    private static final long FIRST_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 5_000;

    /** One thing to tell. */
    @FunctionalInterface
    private interface Telling {
        void to(RecordingIndex index) throws IOException;
    }

    /**
     * What waits.
     *
     * @param done once it was heard
     */
    private record News(Telling telling, Runnable done) {}

    private final RecordingIndex index;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** By what it is about: what comes later about the same takes the place of what waits. */
    private final Map<String, News> waiting = new LinkedHashMap<>();

    private final Thread thread =
            Thread.ofPlatform().name("recording-index").daemon().unstarted(this::run);
    private boolean closed;
    private @Nullable String complained;

    IndexTeller(RecordingIndex index) {
        this.index = index;
    }

    void start() {
        thread.start();
    }

    void begun(Recording recording) {
        add("begun " + recording.id(), to -> to.begun(recording), () -> {});
    }

    void track(String recording, RecordedTrack track) {
        add(
                "track " + recording + " " + track.name() + " " + track.format(),
                to -> to.track(recording, track),
                () -> {});
    }

    /** @param done once it was heard, on the index's thread */
    void span(String recording, RecordedSpan span, Runnable done) {
        add("span " + recording + " " + span.track() + " " + span.ordinal(), to -> to.span(recording, span), done);
    }

    void gap(String recording, RecordingGap gap) {
        add("gap " + recording + " " + gap.atMillis() + " " + gap.cause(), to -> to.gap(recording, gap), () -> {});
    }

    /** @param done once it was heard, on the index's thread */
    void ended(String recording, Instant at, Runnable done) {
        add("ended " + recording, to -> to.ended(recording, at), done);
    }

    private void add(String about, Telling telling, Runnable done) {
        lock.lock();
        try {
            waiting.remove(about); // behind all others: an end stays the last word
            waiting.put(about, new News(telling, done));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How much waits. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long wait = FIRST_WAIT_MILLIS;
        try {
            for (List<Map.Entry<String, News>> next = next(); !next.isEmpty(); next = next()) {
                boolean heard = true;
                for (Map.Entry<String, News> each : next) {
                    heard = heard && tell(each.getKey(), each.getValue());
                }
                wait = heard ? FIRST_WAIT_MILLIS : Math.min(2 * wait, LONGEST_WAIT_MILLIS);
                if (!heard) {
                    pause(wait);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What waits now, in order; nothing once all was told and no more will come. */
    private List<Map.Entry<String, News>> next() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            return new ArrayList<>(waiting.entrySet());
        } finally {
            lock.unlock();
        }
    }

    private void pause(long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            if (closed) {
                TimeUnit.MILLISECONDS.sleep(FIRST_WAIT_MILLIS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Answers whether it was heard; what was not waits on, and nothing overtakes it. */
    private boolean tell(String about, News news) {
        try {
            news.telling().to(index);
        } catch (IOException | RuntimeException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(complained)) {
                complained = why;
                LOG.warn("The index of recordings did not hear of \"{}\"; it is told again: {}", about, why);
                LOG.debug("Why", e);
            }
            return false;
        }
        complained = null;
        lock.lock();
        try {
            waiting.remove(about, news);
        } finally {
            lock.unlock();
        }
        news.done().run();
        return true;
    }

    /** Tells what waits, for some seconds, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
