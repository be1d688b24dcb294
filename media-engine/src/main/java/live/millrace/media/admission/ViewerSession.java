// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayRefusal;
import org.jspecify.annotations.Nullable;

/**
 * One viewer of one stream: polls, sockets, or both. Thread-safe.
 *
 * <pre>
 * ASKED → granted ⇄ granted anew
 *    └─────┴→ refused
 * </pre>
 */
final class ViewerSession implements Admission.Granted {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    final String key;
    final PlayAttempt attempt;
    final Instant since;
    final boolean counted;

    /** Whose limit it counts for. */
    final Optional<String> address;

    /** The first answer; what came later stands in {@link #later}. */
    final CompletableFuture<PlayDecision> answer = new CompletableFuture<>();

    /** How to close each of its sockets. */
    final Set<Runnable> sockets = ConcurrentHashMap.newKeySet();

    /** That it is over was told. */
    final AtomicBoolean told = new AtomicBoolean();

    /** It is asked about again, and there is no answer yet. */
    final AtomicBoolean renewing = new AtomicBoolean();

    /** It is of no stream any more; the answer may still be on its way. Set before the decision is looked at. */
    volatile boolean forgotten;

    /** What it looked like when it asked last. */
    volatile String look;

    private final int maxPolls;
    private volatile @Nullable PlayDecision later;
    private volatile long lastSeen;
    private long rateSince;
    private int polls;

    ViewerSession(
            String key,
            String look,
            PlayAttempt attempt,
            Instant since,
            boolean counted,
            int maxPolls,
            Optional<String> address,
            long now) {
        this.key = key;
        this.look = look;
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

    /** What holds now; null while it is asked about for the first time. */
    @Nullable
    PlayDecision decision() {
        PlayDecision changed = later;
        return changed != null ? changed : answer.getNow(null);
    }

    @Override
    public UUID sessionId() {
        return attempt.sessionId();
    }

    @Override
    public boolean check() {
        return decision() instanceof PlayDecision.Granted;
    }

    /** {@inheritDoc} One that polls has nothing to leave. */
    @Override
    public void leave() {}

    /** The same, or why not. */
    Admission admission() {
        return decision() instanceof PlayDecision.Refused(PlayRefusal cause) ? new Admission.Refused(cause) : this;
    }

    boolean over(long now) {
        return sockets.isEmpty()
                && now - lastSeen > (decision() instanceof PlayDecision.Refused ? REFUSED_NANOS : WINDOW_NANOS);
    }

    /** Puts a grant in the place of an earlier one. Nothing changes for one that was refused in the meantime. */
    synchronized void renew(PlayDecision.Granted anew) {
        if (check()) {
            later = anew;
        }
    }

    /** From now on it is refused, and its sockets close. False if it was already. */
    boolean refuse(PlayRefusal cause, long now) {
        synchronized (this) {
            if (!check()) {
                return false;
            }
            later = new PlayDecision.Refused(cause);
        }
        lastSeen = now;
        sockets.forEach(Runnable::run);
        return true;
    }
}
