// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources that are at work: one for each stream, however many want it.
 *
 * <pre>
 * RUNNING → STOPPING → ended, and started anew if somebody has come since
 *    └→ PAUSING, when it ended by itself → ended
 * </pre>
 *
 * <p>Thread-safe.
 */
final class SourceRuns {
    private static final Logger LOG = LoggerFactory.getLogger(SourceRuns.class);

    /** Each has a connection of its own, and memory for its media: more are somebody who invents names. */
    private static final int MOST = 1_024;

    /** So long a stream may take to be known well enough to be played: there are cameras whose key frames are ten seconds apart. */
    private static final Duration PROBING = Duration.ofSeconds(30);

    /** A source that could not is not asked by every viewer who tries again. */
    private static final long PAUSE_MILLIS = 1_000;

    private static final class Entry {
        final StreamSource source;
        StreamSource.@Nullable Run run;
        boolean stopping;
        boolean pausing;

        /** How often it was asked for. */
        int asked;

        Entry(StreamSource source) {
            this.source = source;
        }
    }

    private final List<StreamSource> sources;
    private final Duration linger;
    private final Predicate<StreamPath> wanted;
    private final Predicate<StreamPath> there;
    private final Consumer<StreamPath> cameNot;

    /** Each entry is guarded by itself. */
    private final ConcurrentHashMap<StreamPath, Entry> entries = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * None is at work.
     *
     * @param wanted whether somebody waits for a stream
     * @param there whether a stream is on
     * @param cameNot told of a stream whose source ended before anybody had it
     */
    SourceRuns(
            List<StreamSource> sources,
            Duration linger,
            Predicate<StreamPath> wanted,
            Predicate<StreamPath> there,
            Consumer<StreamPath> cameNot) {
        this.sources = List.copyOf(sources);
        this.linger = linger;
        this.wanted = wanted;
        this.there = there;
        this.cameNot = cameNot;
    }

    /** Whether a source brings a stream, or would if it were started. */
    boolean canBring(StreamPath path) {
        return !closed && (entries.containsKey(path) || sources.stream().anyMatch(each -> each.brings(path)));
    }

    /** Has a stream brought, if a source brings it; answers whether one is at work on it. */
    boolean bring(StreamPath path) {
        if (sources.isEmpty() || closed) {
            return false;
        }
        Entry entry = entries.get(path);
        if (entry == null) {
            Optional<StreamSource> source =
                    sources.stream().filter(each -> each.brings(path)).findFirst();
            if (source.isEmpty() || entries.size() >= MOST) {
                return false;
            }
            Entry fresh = new Entry(source.get());
            entry = entries.putIfAbsent(path, fresh);
            if (entry == null) {
                start(path, fresh);
                entry = fresh;
            }
        }
        synchronized (entry) {
            entry.asked++;
            return !entry.pausing;
        }
    }

    private void start(StreamPath path, Entry entry) {
        StreamSource.Run run;
        try {
            run = entry.source.start(path);
        } catch (RuntimeException e) {
            LOG.error("The source of {} could not be started", path, e);
            over(path, entry);
            return;
        }
        boolean atOnce;
        synchronized (entry) {
            entry.run = run;
            atOnce = entry.stopping;
        }
        LOG.info("{} is fetched", path);
        var _ = run.ended().whenComplete((_, failure) -> {
            LOG.info("{} is no longer fetched{}", path, failure == null ? "" : ": " + failure);
            over(path, entry);
        });
        if (atOnce || closed) {
            run.stop();
        }
    }

    private void over(StreamPath path, Entry entry) {
        boolean asked;
        synchronized (entry) {
            asked = entry.stopping;
            entry.pausing = !asked;
        }
        if (!asked) {
            cameNot.accept(path);
            later(PAUSE_MILLIS).execute(() -> entries.remove(path, entry));
            return;
        }
        entries.remove(path, entry);
        if (wanted.test(path) && !bring(path)) {
            cameNot.accept(path);
        }
    }

    /**
     * Nobody waits any more for a stream that is not on, though its source is at work: a camera may send packets and never a picture. It is
     * stopped unless the stream comes, or somebody who wants it, before long.
     */
    void unawaited(StreamPath path) {
        Entry entry = entries.get(path);
        if (entry == null || closed) {
            return;
        }
        int asked = asked(entry);
        later(linger.toMillis()).execute(() -> {
            boolean same = entries.get(path) == entry && asked(entry) == asked;
            if (same && !wanted.test(path) && !there.test(path)) {
                stop(entry);
            }
        });
    }

    private static int asked(Entry entry) {
        synchronized (entry) {
            return entry.asked;
        }
    }

    /** Nobody takes a stream: it ends unless somebody does before long. On the stream's thread. */
    void lingers(LiveStream stream) {
        if (!entries.containsKey(stream.path())) {
            return;
        }
        look(stream, stream.timesTaken(), linger, linger);
    }

    /** @param after together with the looks before */
    private void look(LiveStream stream, long mark, Duration pause, Duration after) {
        Runnable look = () -> stream.onOwner(() -> endUntaken(stream, mark, after));
        try {
            var _ = stream.owner().schedule(look, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.trace("{} goes down with its event loop", stream.path(), closing);
        }
    }

    /** @param mark how often it had been taken; more since, and another look follows when they have left */
    private void endUntaken(LiveStream stream, long mark, Duration waited) {
        Entry entry = entries.get(stream.path());
        if (entry == null || stream.isTaken() || stream.timesTaken() != mark) {
            return;
        }
        Duration left = PROBING.minus(waited);
        if (mark == 0 && stream.targetSeconds() == 0 && stream.isFetched() && left.isPositive()) {
            // Players of lists take nothing before there is a list.
            Duration pause = left.compareTo(linger) < 0 ? left : linger;
            look(stream, mark, pause, waited.plus(pause));
            return;
        }
        stop(entry);
        if (stream.isFetched()) { // whoever publishes with a key goes by themselves
            stream.endNow(PublisherHandle.Reason.ENDED); // no grace: nobody waits for it
        }
    }

    private static void stop(Entry entry) {
        StreamSource.Run run;
        synchronized (entry) {
            entry.stopping = true;
            run = entry.run;
        }
        if (run != null) {
            run.stop();
        }
    }

    private static Executor later(long millis) {
        return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run);
    }

    void close() {
        closed = true;
        entries.values().forEach(SourceRuns::stop);
    }
}
