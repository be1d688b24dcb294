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
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.peer.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * One viewer of one stream or recording: polls, sockets, or both. Thread-safe.
 *
 * <pre>
 * ASKED → granted ⇄ granted anew
 *    └─────┴→ refused
 * </pre>
 */
final class ViewerSession implements Admission.Granted {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A ticket that was refused is asked about again after so long: it may have been made a moment ago, elsewhere. */
    static final long REFUSED_TICKET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    final String key;
    final PlayAttempt attempt;
    final Instant since;
    final boolean counted;

    /** Where one with a ticket asks from, as {@link PeerAddress#network}; who asks from elsewhere is another. Empty without a ticket. */
    final String network;

    /** Whose limit it counts for. */
    final Optional<String> address;

    /** The first answer; what came later stands in {@link #later}. */
    final CompletableFuture<PlayDecision> answer = new CompletableFuture<>();

    /** How to close each of its sockets. */
    final Set<Runnable> sockets = ConcurrentHashMap.newKeySet();

    /** How to end each of what is on its way to it. */
    final Set<Runnable> held = ConcurrentHashMap.newKeySet();

    /** How often somebody had it reviewed: what was asked about before does not count any more. */
    final AtomicInteger reviews = new AtomicInteger();

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
    private volatile SignedPlays.@Nullable Issued given;
    private volatile long givenUntil;
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
        this.network = attempt.ticket().isEmpty()
                ? ""
                : PeerAddress.network(attempt.remoteAddress().getAddress());
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

    /** Whether something is on its way to it. */
    boolean busy() {
        return !sockets.isEmpty() || !held.isEmpty();
    }

    /** When it asked for something last; now, while it is busy. */
    long seenNanos(long now) {
        return busy() ? now : lastSeen;
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

    @Override
    public void hold(Runnable end) {
        held.add(end);
    }

    @Override
    public void release(Runnable end) {
        held.remove(end);
    }

    /** It was refused by its ticket, and may be asked about again. */
    boolean mayAskAgain(long now) {
        return attempt.ticket().isPresent()
                && decision() instanceof PlayDecision.Refused
                && now - lastSeen >= REFUSED_TICKET_NANOS;
    }

    /** The same, or why not. */
    Admission admission() {
        return decision() instanceof PlayDecision.Refused(PlayRefusal cause) ? new Admission.Refused(cause) : this;
    }

    /** An address was made for it, which it has as soon as it is looked at whether it still may. */
    synchronized void given(SignedPlays.Issued address) {
        SignedPlays.Issued before = given;
        if (before == null || address.epoch() >= before.epoch()) {
            given = address;
        }
    }

    /** The address that it was given last; null for none. */
    SignedPlays.@Nullable Issued given() {
        return given;
    }

    /** Until then, by the clock of nanoseconds, an address holds that it was given. */
    void givenUntil(long nanos) {
        givenUntil = nanos;
    }

    /** It has left, and no address is left of it: whoever sends away others need not know it any more. */
    boolean gone(long now) {
        return over(now) && (given == null || now - givenUntil >= 0);
    }

    boolean over(long now) {
        return !busy() && now - lastSeen > (decision() instanceof PlayDecision.Refused ? REFUSED_NANOS : WINDOW_NANOS);
    }

    /** Puts a grant in the place of an earlier one. Nothing changes for one that was refused in the meantime. */
    synchronized void renew(PlayDecision.Granted anew) {
        if (check()) {
            later = anew;
        }
    }

    /** From now on it is refused, whatever the answer that is awaited, and all of its ends. False if it was already. */
    boolean refuse(PlayRefusal cause, long now) {
        synchronized (this) {
            if (decision() instanceof PlayDecision.Refused) {
                return false;
            }
            later = new PlayDecision.Refused(cause);
        }
        lastSeen = now;
        sockets.forEach(Runnable::run);
        held.forEach(Runnable::run);
        return true;
    }
}
