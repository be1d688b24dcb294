// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.time.Duration;
import java.time.Instant;
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
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.access.PlaySession;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.tally.Tally;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may watch and who does: play sessions that hold a socket, or asked for a playlist in the last 30 seconds. A browser is known by
 * the id that its page sends; other players that poll by address and User-Agent, and others with a socket by their socket. Whoever is
 * new is asked about once, and again when the time ends for which it was granted; whoever was refused is asked about again after some
 * seconds. Thread-safe.
 */
public final class PlayAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(PlayAdmission.class);

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

    /** A session is asked about so long before its time ends: two looks of {@link #sweep}. */
    private static final Duration RENEW_AHEAD = Duration.ofSeconds(10);

    private final ConcurrentHashMap<StreamPath, StreamViewers> streams = new ConcurrentHashMap<>();
    private final Tally<PlayRefusal> refusals = new Tally<>(PlayRefusal.class);
    private final SessionLimits limits;
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
    public PlayAdmission(
            Limits limits,
            PlayAuthorizer authorizer,
            PlayObserver observer,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.limits = new SessionLimits(limits);
        this.authorizer = authorizer;
        this.observer = observer;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Decides on one that asks again and again, and notes that its session is there. The stage of a session that is known is complete.
     */
    public CompletionStage<Admission> open(PlayRequest request) {
        long now = nanoTime.getAsLong();
        ViewerSession session = session(request.key(), request, now).orElse(null);
        if (session == null) {
            return refused(PlayRefusal.TOO_MANY_SESSIONS);
        }
        if (session.tooFast(now)) {
            return refused(PlayRefusal.TOO_FAST);
        }
        if (session.decision() == null) {
            session.seen(now);
            return session.answer.thenApply(_ -> session.admission());
        }
        if (session.check()) {
            // The time of one that was refused is not extended: a player that asks on is asked about again when it is
            // over.
            session.seen(now);
        }
        return CompletableFuture.completedStage(session.admission());
    }

    /**
     * Decides on a socket.
     *
     * @param close run, on any thread, when the session is sent away
     */
    public CompletionStage<Admission> open(PlayRequest request, Runnable close) {
        long now = nanoTime.getAsLong();
        Optional<ViewerSession> byId =
                request.viewerId().isPresent() ? session(request.key(), request, now) : Optional.empty();
        boolean known = byId.isPresent();
        // Beyond what its address may invent, a viewer is known by its socket, of which there is a limit already.
        ViewerSession session =
                byId.or(() -> session(SOCKET + UUID.randomUUID(), request, now)).orElse(null);
        if (session == null) {
            return refused(PlayRefusal.TOO_MANY_SESSIONS);
        }
        session.sockets.add(close); // before the decision is looked at: whoever refuses it from now on closes this one
        return session.answer.thenApply(_ -> {
            Admission admission = session.admission();
            if (session.decision() instanceof PlayDecision.Granted granted
                    && session.sockets.size() > granted.sockets()) {
                refusals.count(PlayRefusal.TOO_MANY_SOCKETS);
                admission = new Admission.Refused(PlayRefusal.TOO_MANY_SOCKETS);
            }
            if (admission instanceof Admission.Refused) {
                session.sockets.remove(close);
                return admission;
            }
            return new Socket(request.path(), session, close, known);
        });
    }

    /**
     * Decides on a piece of a stream that is not public: it is for those who were allowed to watch and still do. Nobody is asked.
     */
    public Admission find(PlayRequest request) {
        StreamViewers viewers = streams.get(request.path());
        if (viewers != null) {
            ViewerSession session = request.viewerId().isPresent() ? viewers.get(request.key()) : null;
            if (session == null) {
                session = viewers.alike(request.look());
            }
            if (session != null && session.decision() != null) {
                if (session.check()) {
                    session.seen(nanoTime.getAsLong());
                }
                return session.admission();
            }
        }
        refusals.count(PlayRefusal.NO_SESSION);
        return new Admission.Refused(PlayRefusal.NO_SESSION);
    }

    /** Whether a stream's pieces are for everybody. Costs what whoever decides needs to look it up: nothing is allocated here. */
    public boolean isPublic(String application, String name) {
        return authorizer.isPublic(application, name);
    }

    private CompletionStage<Admission> refused(PlayRefusal cause) {
        refusals.count(cause);
        return CompletableFuture.completedStage(new Admission.Refused(cause));
    }

    /** A socket of a session. */
    private final class Socket implements Admission.Granted {
        private final StreamPath path;
        private final ViewerSession session;
        private final Runnable close;
        private final boolean known;

        /** @param known the session is known by more than this socket */
        Socket(StreamPath path, ViewerSession session, Runnable close, boolean known) {
            this.path = path;
            this.session = session;
            this.close = close;
            this.known = known;
        }

        @Override
        public UUID sessionId() {
            return session.sessionId();
        }

        @Override
        public boolean check() {
            return session.check();
        }

        @Override
        public void leave() {
            if (session.sockets.remove(close)) {
                session.seen(nanoTime.getAsLong());
                if (!known) {
                    forget(path, session);
                }
            }
        }
    }

    private Optional<ViewerSession> session(String key, PlayRequest request, long now) {
        StreamViewers viewers = streams.computeIfAbsent(request.path(), _ -> new StreamViewers());
        ViewerSession known = viewers.get(key);
        if (known != null) {
            viewers.looks(known, request.look());
            return Optional.of(known);
        }
        Optional<String> limited = key.startsWith(SOCKET)
                ? Optional.empty()
                : limits.limited(request.remoteAddress().getAddress());
        if (viewers.size() >= MAX_REMEMBERED || !limits.enter(limited)) {
            return Optional.empty();
        }
        ViewerSession fresh = new ViewerSession(
                key,
                request.look(),
                attempt(request),
                clock.instant(),
                request.counted(),
                request.viewerId().isPresent() ? MAX_POLLS : MAX_POLLS_ALIKE,
                limited,
                now);
        @Nullable ViewerSession[] before = new @Nullable ViewerSession[1];
        // Together with the look for an empty stream: a session in a map that was just thrown away would count for
        // nothing.
        streams.compute(request.path(), (_, there) -> {
            StreamViewers all = there == null ? viewers : there;
            before[0] = all.putIfAbsent(fresh);
            return all;
        });
        ViewerSession first = before[0];
        if (first != null) {
            limits.leave(limited);
            return Optional.of(first);
        }
        ask(fresh);
        return Optional.of(fresh);
    }

    private static PlayAttempt attempt(PlayRequest request) {
        return new PlayAttempt(
                UUID.randomUUID(),
                request.remoteAddress(),
                request.path().application(),
                request.path().name(),
                request.protocol(),
                request.parameters(),
                request.userAgent());
    }

    private void ask(ViewerSession session) {
        // No answer in time is no.
        session.answer.completeOnTimeout(
                new PlayDecision.Refused(PlayRefusal.NO_ANSWER), AUTHORIZE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        var _ = question(session).handle((said, failure) -> {
            PlayDecision decision = said != null ? said : new PlayDecision.Refused(PlayRefusal.NO_ANSWER);
            boolean inTime = session.answer.complete(decision);
            if (decision instanceof PlayDecision.Refused(PlayRefusal cause)) {
                told(session, cause, failure);
            } else if (!inTime || session.forgotten) {
                tellStopped(session); // whoever said yes counts a viewer who is not there
            }
            return inTime;
        });
    }

    private CompletionStage<PlayDecision> question(ViewerSession session) {
        try {
            return authorizer.authorize(session.attempt);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void told(ViewerSession session, PlayRefusal cause, @Nullable Throwable failure) {
        refusals.count(cause);
        LOG.debug("{} from {} does not play: {}", session.attempt, session.attempt.remoteAddress(), cause, failure);
    }

    /** Asks again when the time of a grant ends soon; sends away when it is over. */
    private void renew(ViewerSession session, Instant now) {
        if (!(session.decision() instanceof PlayDecision.Granted granted)
                || granted.until().isEmpty()) {
            return;
        }
        Instant until = granted.until().get();
        if (!now.isBefore(until)) {
            revoke(session, PlayRefusal.EXPIRED);
        } else if (until.isBefore(now.plus(RENEW_AHEAD)) && session.renewing.compareAndSet(false, true)) {
            var _ = question(session).handle((said, failure) -> {
                session.renewing.set(false);
                switch (said) {
                    case PlayDecision.Granted anew -> session.renew(anew);
                    case PlayDecision.Refused(PlayRefusal cause) -> revoke(session, cause);
                    case null -> LOG.debug("No answer about {}", session.attempt, failure); // its time ends
                }
                return true;
            });
        }
    }

    private boolean revoke(ViewerSession session, PlayRefusal cause) {
        if (!session.refuse(cause, nanoTime.getAsLong())) {
            return false;
        }
        told(session, cause, null);
        tellStopped(session);
        return true;
    }

    /** What was refused since the start, for metrics. */
    public Tally<PlayRefusal> refusals() {
        return refusals;
    }

    /** How many watch a stream now. */
    public int count(StreamPath path) {
        StreamViewers viewers = streams.get(path);
        if (viewers == null) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        int count = 0;
        for (ViewerSession session : viewers.all()) {
            if (session.counted && session.check() && !session.over(now)) {
                count++;
            }
        }
        return count;
    }

    /** Those who were allowed and watch, of all streams. */
    public List<PlaySession> sessions() {
        long now = nanoTime.getAsLong();
        return streams.values().stream()
                .flatMap(viewers -> viewers.all().stream())
                .filter(session -> session.check() && !session.over(now))
                .map(session -> new PlaySession(session.attempt, session.since))
                .toList();
    }

    /**
     * Refuses a session from now on and closes its sockets; answers whether there was one. It is asked about again some seconds later.
     */
    public boolean revoke(UUID sessionId) {
        for (StreamViewers viewers : streams.values()) {
            for (ViewerSession session : viewers.all()) {
                if (session.sessionId().equals(sessionId)) {
                    return revoke(session, PlayRefusal.REVOKED);
                }
            }
        }
        return false;
    }

    /** Forgets those who left, tells of them, and asks again about those whose time ends. Called every few seconds. */
    public void sweep() {
        long now = nanoTime.getAsLong();
        Instant time = clock.instant();
        streams.forEach((path, viewers) -> {
            for (ViewerSession session : List.copyOf(viewers.all())) {
                if (session.over(now)) {
                    forget(path, session);
                } else {
                    renew(session, time);
                }
            }
            streams.computeIfPresent(path, (_, all) -> all.isEmpty() ? null : all);
        });
    }

    /** A broadcast is over: whoever only polled it has left. Sockets say so themselves. */
    public void ended(StreamPath path) {
        StreamViewers viewers = streams.get(path);
        if (viewers != null) {
            viewers.all().stream()
                    .filter(session -> session.sockets.isEmpty())
                    .toList()
                    .forEach(session -> forget(path, session));
        }
    }

    /** The engine goes down. */
    public void close() {
        streams.forEach((path, viewers) -> List.copyOf(viewers.all()).forEach(session -> forget(path, session)));
    }

    private void forget(StreamPath path, ViewerSession session) {
        StreamViewers viewers = streams.get(path);
        if (viewers != null && viewers.remove(session)) {
            limits.leave(session.address);
            session.forgotten = true;
            if (session.check()) {
                tellStopped(session);
            }
        }
    }

    /** One that cannot be told of costs none of the others: whoever sweeps has to come round. */
    private void tellStopped(ViewerSession session) {
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
