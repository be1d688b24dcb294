// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.audience;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.media.access.PlayAttempt;

/** One viewer of one stream: polls, sockets, or both. Thread-safe. */
final class Session {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    final String key;
    final PlayAttempt attempt;
    final Instant since;
    final boolean counted;

    /** Whose limit it counts for. */
    final Optional<String> address;

    final CompletableFuture<Boolean> decision = new CompletableFuture<>();

    /** How to close each of its sockets. */
    final Set<Runnable> sockets = ConcurrentHashMap.newKeySet();

    /** That it is over was told. */
    final AtomicBoolean told = new AtomicBoolean();

    /** It is of no stream any more; the answer may still be on its way. Set before the decision is looked at. */
    volatile boolean forgotten;

    private final int maxPolls;
    private volatile long lastSeen;
    private long rateSince;
    private int polls;

    Session(
            String key,
            PlayAttempt attempt,
            Instant since,
            boolean counted,
            int maxPolls,
            Optional<String> address,
            long now) {
        this.key = key;
        this.attempt = attempt;
        this.since = since;
        this.counted = counted;
        this.maxPolls = maxPolls;
        this.address = address;
        this.lastSeen = now;
        this.rateSince = now;
    }

    synchronized boolean tooFast(long now) {
        if (now - rateSince >= RATE_NANOS) {
            rateSince = now;
            polls = 0;
        }
        return ++polls > maxPolls;
    }

    void seen(long now) {
        lastSeen = now;
    }

    boolean allowed() {
        return decision.getNow(false);
    }

    boolean over(long now) {
        return sockets.isEmpty() && now - lastSeen > (decision.isDone() && !allowed() ? REFUSED_NANOS : WINDOW_NANOS);
    }

    /** From now on it is refused; its sockets close. */
    void refuse(long now) {
        decision.obtrudeValue(false);
        lastSeen = now;
        sockets.forEach(Runnable::run);
    }
}
