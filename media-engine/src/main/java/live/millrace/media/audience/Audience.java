// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.audience;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlaySession;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.peer.PeerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches: play sessions that hold a socket, or asked for a playlist in the last 30 seconds. A browser is known by the id that
 * its page sends; other players that poll by address and User-Agent, and others with a socket by their socket. Whoever is new is
 * asked about once; whoever was refused is asked about again after some seconds. Thread-safe.
 */
public final class Audience {
    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    /** What a request for a playlist gets. */
    public enum Admission {
        ALLOWED,
        REFUSED,
        TOO_FAST
    }

    /** A viewer's socket. */
    @FunctionalInterface
    public interface Seat {
        /** The socket closed. Idempotent. */
        void leave();
    }

    /**
     * How many sessions one address may have that hold no socket, IPv6 by its /64. Each lives for half a minute and asks a question:
     * without a limit, whoever sends a new id with every request makes them without end.
     *
     * @param perAddress of all streams together; a school behind one address has some hundred
     * @param nearby whether it holds for loopback and private networks as well, where proxies connect from
     */
    public record Limits(int perAddress, boolean nearby) {
        public Limits {
            if (perAddress < 1) {
                throw new IllegalArgumentException("at least one viewer of an address, not " + perAddress);
            }
        }
    }

    /** Of one browser in a second: a player of parts asks for two tracks three times a second, an impatient one some times more. */
    private static final int MAX_POLLS = 40;

    /** Of players that look alike: a school behind one address, all with the same player. */
    private static final int MAX_POLLS_ALIKE = 1_000;

    /** Begins the keys of sessions that are known by their socket. */
    private static final String SOCKET = "socket ";

    /** Beyond this nobody new is let in to a stream: somebody invents ids. */
    private static final int MAX_REMEMBERED = 50_000;

    /** Above the limit of 30 s that whoever answers may set for itself. */
    private static final Duration AUTHORIZE_TIMEOUT = Duration.ofSeconds(35);

    private static final CompletionStage<Admission> ALLOWED = CompletableFuture.completedStage(Admission.ALLOWED);
    private static final CompletionStage<Admission> REFUSED = CompletableFuture.completedStage(Admission.REFUSED);
    private static final CompletionStage<Admission> TOO_FAST = CompletableFuture.completedStage(Admission.TOO_FAST);

    private final ConcurrentHashMap<StreamPath, ConcurrentHashMap<String, Session>> streams = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> ofAddress = new ConcurrentHashMap<>();
    private final Limits limits;
    private final PlayAuthorizer authorizer;
    private final PlayObserver observer;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /**
     * Nobody watches yet.
     *
     * @param authorizer asked about each play session
     * @param observer told of the end of each
     */
    public Audience(
            Limits limits,
            PlayAuthorizer authorizer,
            PlayObserver observer,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.limits = limits;
        this.authorizer = authorizer;
        this.observer = observer;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Decides on a request for a playlist, and notes that its session is there. */
    public CompletionStage<Admission> polled(StreamPath path, Visit visit) {
        long now = nanoTime.getAsLong();
        Session session = session(path, visit.key(), visit, now).orElse(null);
        if (session == null || session.tooFast(now)) {
            return TOO_FAST;
        }
        if (!session.decision.isDone()) {
            session.seen(now);
            return session.decision.thenApply(yes -> yes ? Admission.ALLOWED : Admission.REFUSED);
        }
        if (!session.allowed()) {
            // Its time is not extended: a player that asks on is asked about again when it is over.
            return REFUSED;
        }
        session.seen(now);
        return ALLOWED;
    }

    /**
     * Decides on a socket; empty when it is refused.
     *
     * @param close run, on any thread, when the session is sent away
     */
    public CompletionStage<Optional<Seat>> entered(StreamPath path, Visit visit, Runnable close) {
        long now = nanoTime.getAsLong();
        Optional<Session> byId =
                visit.viewerId().isPresent() ? session(path, visit.key(), visit, now) : Optional.empty();
        boolean known = byId.isPresent();
        // Beyond what its address may invent, a viewer is known by its socket, of which there is a limit already.
        Session session = byId.or(() -> session(path, SOCKET + UUID.randomUUID(), visit, now))
                .orElse(null);
        if (session == null) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        session.sockets.add(close);
        Seat seat = () -> {
            if (session.sockets.remove(close)) {
                session.seen(nanoTime.getAsLong());
                if (!known) {
                    forget(path, session);
                }
            }
        };
        return session.decision.thenApply(yes -> {
            if (!yes) {
                session.sockets.remove(close);
                return Optional.empty();
            }
            return Optional.of(seat);
        });
    }

    private Optional<Session> session(StreamPath path, String key, Visit visit, long now) {
        ConcurrentHashMap<String, Session> sessions = streams.computeIfAbsent(path, _ -> new ConcurrentHashMap<>());
        Session known = sessions.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> limited = limited(key, visit);
        if (sessions.size() >= MAX_REMEMBERED || !enter(limited)) {
            return Optional.empty();
        }
        PlayAttempt attempt = new PlayAttempt(
                UUID.randomUUID(),
                visit.remoteAddress(),
                path.application(),
                path.name(),
                visit.protocol(),
                visit.parameters(),
                visit.userAgent());
        Session fresh = new Session(
                key,
                attempt,
                clock.instant(),
                visit.counted(),
                visit.viewerId().isPresent() ? MAX_POLLS : MAX_POLLS_ALIKE,
                limited,
                now);
        Session[] before = new Session[1];
        // Together with the look for an empty stream: a session in a map that was just thrown away would count for
        // nothing.
        streams.compute(path, (_, there) -> {
            ConcurrentHashMap<String, Session> all = there == null ? sessions : there;
            before[0] = all.putIfAbsent(key, fresh);
            return all;
        });
        if (before[0] != null) {
            leave(limited);
            return Optional.of(before[0]);
        }
        ask(fresh);
        return Optional.of(fresh);
    }

    /** The address whose limit a session counts for; empty when there is none. */
    private Optional<String> limited(String key, Visit visit) {
        InetAddress address = visit.remoteAddress().getAddress();
        return key.startsWith(SOCKET) || (!limits.nearby() && PeerAddress.isNearby(address))
                ? Optional.empty()
                : Optional.of(PeerAddress.client(address));
    }

    private boolean enter(Optional<String> address) {
        if (address.isEmpty() || ofAddress.merge(address.get(), 1, Integer::sum) <= limits.perAddress()) {
            return true;
        }
        leave(address);
        return false;
    }

    private void leave(Optional<String> address) {
        address.ifPresent(each -> ofAddress.computeIfPresent(each, (_, count) -> count == 1 ? null : count - 1));
    }

    private void ask(Session session) {
        CompletionStage<Boolean> answer;
        try {
            answer = authorizer.authorize(session.attempt);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        // No answer in time is no.
        session.decision.completeOnTimeout(false, AUTHORIZE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        var _ = answer.whenComplete((yes, failure) -> {
            boolean agreed = failure == null && Boolean.TRUE.equals(yes);
            boolean inTime = session.decision.complete(agreed);
            if (agreed && (!inTime || session.forgotten)) {
                tellStopped(session); // whoever said yes counts a viewer who is not there
            }
        });
    }

    /** How many watch a stream now. */
    public int count(StreamPath path) {
        ConcurrentHashMap<String, Session> sessions = streams.get(path);
        if (sessions == null) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        int count = 0;
        for (Session session : sessions.values()) {
            if (session.counted && session.allowed() && !session.over(now)) {
                count++;
            }
        }
        return count;
    }

    /** Those who were allowed and watch, of all streams. */
    public List<PlaySession> sessions() {
        long now = nanoTime.getAsLong();
        return streams.values().stream()
                .flatMap(sessions -> sessions.values().stream())
                .filter(session -> session.allowed() && !session.over(now))
                .map(session -> new PlaySession(session.attempt, session.since))
                .toList();
    }

    /** Refuses a session from now on; answers whether there was one. It is asked about again some seconds later. */
    public boolean stop(UUID sessionId) {
        for (ConcurrentHashMap<String, Session> sessions : streams.values()) {
            for (Session session : sessions.values()) {
                if (session.attempt.sessionId().equals(sessionId) && session.allowed()) {
                    session.refuse(nanoTime.getAsLong());
                    tellStopped(session);
                    return true;
                }
            }
        }
        return false;
    }

    /** Forgets those who left, and tells of them. Called every few seconds. */
    public void sweep() {
        long now = nanoTime.getAsLong();
        streams.forEach((path, sessions) -> {
            sessions.values().stream()
                    .filter(session -> session.over(now))
                    .toList()
                    .forEach(session -> forget(path, session));
            streams.computeIfPresent(path, (_, now2) -> now2.isEmpty() ? null : now2);
        });
    }

    /** A broadcast is over: whoever only polled it has left. Sockets say so themselves. */
    public void ended(StreamPath path) {
        ConcurrentHashMap<String, Session> sessions = streams.get(path);
        if (sessions != null) {
            sessions.values().stream()
                    .filter(session -> session.sockets.isEmpty())
                    .toList()
                    .forEach(session -> forget(path, session));
        }
    }

    /** The engine goes down. */
    public void close() {
        streams.forEach((path, sessions) -> List.copyOf(sessions.values()).forEach(session -> forget(path, session)));
    }

    private void forget(StreamPath path, Session session) {
        ConcurrentHashMap<String, Session> sessions = streams.get(path);
        if (sessions != null && sessions.remove(session.key, session)) {
            leave(session.address);
            session.forgotten = true;
            if (session.allowed()) {
                tellStopped(session);
            }
        }
    }

    /** One that cannot be told of costs none of the others: whoever sweeps has to come round. */
    private void tellStopped(Session session) {
        if (!session.told.compareAndSet(false, true)) {
            return;
        }
        try {
            observer.stopped(session.attempt);
        } catch (RuntimeException e) {
            LOG.error("Whoever is told that a viewer left, failed", e);
        }
    }
}
