// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.access.PlaySession;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.tally.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Who may watch and who does: play sessions that hold a socket, or asked for a playlist in the last 30 seconds. A browser is known by
 * the id that its page sends; other players that poll by address and User-Agent, and others with a socket by their socket. Whoever is
 * new is asked about once, and again when the time ends for which it was granted; whoever was refused is asked about again after some
 * seconds, whoever bears a ticket after one. By a ticket one is another viewer than without it. Thread-safe.
 */
public final class PlayAdmission {
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

    /** By what is watched, {@link PlayRequest#watched}. */
    private final ConcurrentHashMap<Object, StreamViewers> watched = new ConcurrentHashMap<>();

    private final TicketNetworks networks = new TicketNetworks();
    private final SessionLimits limits;
    private final SignedPlays signed;
    private final PlayQuestions questions;
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
        this(limits, authorizer, observer, SignedPlays.none(), clock, nanoTime);
    }

    /**
     * The same with addresses that are given away.
     *
     * @param signed ends those of a stream when a session is sent away that has one
     */
    public PlayAdmission(
            Limits limits,
            PlayAuthorizer authorizer,
            PlayObserver observer,
            SignedPlays signed,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.limits = new SessionLimits(limits);
        this.signed = signed;
        this.questions = new PlayQuestions(authorizer, observer, signed, nanoTime);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Decides on one that asks again and again, and notes that its session is there. The stage of a session that is known is complete.
     */
    public CompletionStage<Admission> open(PlayRequest request) {
        return enter(request, true);
    }

    /**
     * The same for a piece of what is not for everybody, by whoever brings a ticket: a player may begin with a file, and after a pause with a
     * segment. How often it asks is not counted.
     */
    public CompletionStage<Admission> openPiece(PlayRequest request) {
        return enter(request, false);
    }

    private CompletionStage<Admission> enter(PlayRequest request, boolean polls) {
        long now = nanoTime.getAsLong();
        ViewerSession alike = polls ? null : alike(request);
        ViewerSession session =
                alike == null ? session(request.key(), request, now).orElse(null) : alike;
        if (session == null) {
            return refused(PlayRefusal.TOO_MANY_SESSIONS);
        }
        // One that was refused is not told that it asks too often: that would tell it that there is something.
        boolean refused = session.decision() instanceof PlayDecision.Refused;
        if (polls && session.tooFast(now) && !refused) {
            return refused(PlayRefusal.TOO_FAST);
        }
        if (session.decision() == null) {
            session.seen(now);
            return session.answer.thenApply(_ -> admitted(session));
        }
        if (!refused) {
            // The time of one that was refused is not extended: a player that asks on is asked about again when it is
            // over.
            session.seen(now);
        }
        return CompletableFuture.completedStage(admitted(session));
    }

    /** A session that a request without an id may be of: addresses inside a media playlist are the same for all. Null if there is none. */
    private @Nullable ViewerSession alike(PlayRequest request) {
        StreamViewers viewers = request.viewerId().isPresent() ? null : watched.get(request.watched());
        return viewers == null ? null : viewers.alike(request.look());
    }

    /**
     * Decides on a socket.
     *
     * @param close run, on any thread, when the session is sent away
     */
    public CompletionStage<Admission> open(PlayRequest request, Runnable close) {
        long now = nanoTime.getAsLong();
        Optional<ViewerSession> byId = request.known() ? session(request.key(), request, now) : Optional.empty();
        boolean known = byId.isPresent();
        // Beyond what its address may invent, a viewer is known by its socket, of which there is a limit already.
        ViewerSession session =
                byId.or(() -> session(SOCKET + UUID.randomUUID(), request, now)).orElse(null);
        if (session == null) {
            return refused(PlayRefusal.TOO_MANY_SESSIONS);
        }
        session.sockets.add(close); // before the decision is looked at: whoever refuses it from now on closes this one
        return session.answer.thenApply(_ -> {
            Admission admission = admitted(session);
            if (session.decision() instanceof PlayDecision.Granted granted
                    && session.sockets.size() > granted.sockets()) {
                questions.refusals().count(PlayRefusal.TOO_MANY_SOCKETS);
                admission = new Admission.Refused(PlayRefusal.TOO_MANY_SOCKETS);
            }
            if (admission instanceof Admission.Refused) {
                session.sockets.remove(close);
                return admission;
            }
            return new SocketAdmission(session, close, nanoTime, () -> {
                if (!known) {
                    forget(request.watched(), session);
                }
            });
        });
    }

    /**
     * Decides on a piece of a stream that is not public: it is for those who were allowed to watch and still do. Nobody is asked.
     */
    public Admission find(PlayRequest request) {
        StreamViewers viewers = watched.get(request.watched());
        if (viewers != null) {
            ViewerSession session = request.known() ? viewers.get(request.key()) : null;
            if (session == null && request.ticket().isEmpty()) {
                session = viewers.alike(request.look());
            }
            if (session != null && session.decision() != null) {
                if (session.check()) {
                    session.seen(nanoTime.getAsLong());
                }
                return admitted(session);
            }
        }
        questions.refusals().count(PlayRefusal.NO_SESSION);
        return new Admission.Refused(PlayRefusal.NO_SESSION);
    }

    /** An address for all caches, for the session of one who brings a ticket and was allowed; empty for anybody else. */
    public Optional<SignedPlays.Issued> address(PlayRequest request) {
        StreamViewers viewers = request.ticket().isEmpty() ? null : watched.get(request.watched());
        ViewerSession session = viewers == null ? null : viewers.get(request.key());
        return session == null || !session.check()
                ? Optional.empty()
                : signed.issue(
                        session, new SignedPlays.What(request.path(), request.recording()), nanoTime.getAsLong());
    }

    /** Those addresses, for whoever is asked by one. */
    public SignedPlays signed() {
        return signed;
    }

    /** What a session that was decided about comes to, for one that asks. */
    private Admission admitted(ViewerSession session) {
        used(session);
        return session.admission();
    }

    /** Somebody watches: by a ticket, perhaps from one network too many. */
    private void used(ViewerSession session) {
        PlayAttempt of = session.attempt;
        boolean everybody = of.recording().isEmpty() && isPublic(of.application(), of.name());
        if (of.ticket().isEmpty() || everybody || !session.check()) {
            return;
        }
        String hash = of.ticket().get().hash();
        switch (networks.seen(hash, session.network, nanoTime.getAsLong())) {
            case TicketNetworks.Look.Fine _ -> {
                // as most are
            }
            case TicketNetworks.Look.Barred _ -> questions.revoke(session, PlayRefusal.TOO_MANY_NETWORKS);
            case TicketNetworks.Look.Spread(String oldest, int count) -> {
                each(other -> other.attempt.bears(hash) && other.network.equals(oldest))
                        .forEach(other -> questions.revoke(other, PlayRefusal.TOO_MANY_NETWORKS));
                questions.tellSpread(session.attempt, count);
            }
        }
    }

    /** Whether a stream's pieces are for everybody. Costs what whoever decides needs to look it up: nothing is allocated here. */
    public boolean isPublic(String application, String name) {
        return questions.isPublic(application, name);
    }

    private CompletionStage<Admission> refused(PlayRefusal cause) {
        questions.refusals().count(cause);
        return CompletableFuture.completedStage(new Admission.Refused(cause));
    }

    private Optional<ViewerSession> session(String key, PlayRequest request, long now) {
        Object of = request.watched();
        StreamViewers viewers = watched.computeIfAbsent(of, _ -> new StreamViewers());
        ViewerSession known = viewers.get(key);
        if (known != null && known.mayAskAgain(now)) {
            forget(of, known);
            known = null;
        }
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
        StreamViewers all = Objects.requireNonNull(watched.compute(of, (_, there) -> {
            StreamViewers those = there == null ? viewers : there;
            before[0] = those.putIfAbsent(fresh);
            return those;
        }));
        ViewerSession first = before[0];
        if (first != null) {
            limits.leave(limited);
            return Optional.of(first);
        }
        if (request.ticket().isPresent()
                && all.refusesTicket(request.ticket().get().hash(), now, ViewerSession.REFUSED_TICKET_NANOS)) {
            fresh.answer.complete(PlayDecision.NOT_ALLOWED); // whoever decides said so a moment ago
        } else {
            questions.ask(fresh, all);
        }
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
                request.userAgent(),
                request.ticket(),
                request.recording());
    }

    /** What was refused since the start, for metrics. */
    public Tally<PlayRefusal> refusals() {
        return questions.refusals();
    }

    /** How many watch a stream now. */
    public int count(StreamPath path) {
        StreamViewers viewers = watched.get(path);
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

    /** Those who were allowed and watch, of all streams and recordings. */
    public List<PlaySession> sessions() {
        long now = nanoTime.getAsLong();
        Instant time = clock.instant();
        return each(session -> session.check() && !session.over(now)).stream()
                .map(session -> new PlaySession(
                        session.attempt,
                        session.since,
                        time.minusNanos(now - session.seenNanos(now)),
                        session.decision() instanceof PlayDecision.Granted granted
                                ? granted.identity()
                                : Optional.empty()))
                .toList();
    }

    private List<ViewerSession> each(Predicate<ViewerSession> which) {
        return watched.values().stream()
                .flatMap(viewers -> viewers.all().stream())
                .filter(which)
                .toList();
    }

    /**
     * Refuses a session from now on and closes its sockets; answers whether there was one. It is asked about again some seconds later.
     */
    public boolean revoke(UUID sessionId) {
        return revoke(attempt -> attempt.sessionId().equals(sessionId)) > 0;
    }

    /**
     * Refuses sessions from now on, also those that are not decided about yet: their sockets close, what they wait for is answered with the
     * refusal, and what is being sent to them ends in the middle. They are asked about again some seconds later, those with a ticket after one.
     *
     * @return how many they were
     */
    public int revoke(Predicate<PlayAttempt> which) {
        return (int) each(session -> which.test(session.attempt)).stream()
                .filter(session -> questions.revoke(session, PlayRefusal.REVOKED))
                .count();
    }

    /**
     * Has whoever decides asked again about sessions at once: because who may watch has changed. Those who may not any more, and those about
     * whom there is no answer within some seconds, are refused as by {@link #revoke(Predicate)}.
     */
    public void review(Predicate<PlayAttempt> which) {
        each(session -> which.test(session.attempt)).forEach(questions::review);
    }

    /** Forgets those who left, tells of them, and asks again about those whose time ends. Called every few seconds. */
    public void sweep() {
        long now = nanoTime.getAsLong();
        Instant time = clock.instant();
        networks.sweep(now);
        watched.forEach((of, viewers) -> {
            viewers.forgetRefusals(now, ViewerSession.REFUSED_TICKET_NANOS);
            for (ViewerSession session : List.copyOf(viewers.all())) {
                if (session.gone(now)) {
                    forget(of, session);
                } else if (!session.over(now)) {
                    if (session.busy()) {
                        used(session);
                    }
                    questions.renew(session, time);
                }
            }
            watched.computeIfPresent(of, (_, all) -> all.isEmpty() ? null : all);
        });
    }

    /** A broadcast is over: whoever only polled it has left. Sockets say so themselves. */
    public void ended(StreamPath path) {
        StreamViewers viewers = watched.get(path);
        if (viewers != null) {
            viewers.all().stream()
                    .filter(session -> !session.busy())
                    .toList()
                    .forEach(session -> forget(path, session));
        }
        signed.over(path);
    }

    /** The engine goes down. */
    public void close() {
        watched.forEach((of, viewers) -> List.copyOf(viewers.all()).forEach(session -> forget(of, session)));
    }

    private void forget(Object of, ViewerSession session) {
        StreamViewers viewers = watched.get(of);
        if (viewers != null && viewers.remove(session)) {
            limits.leave(session.address);
            session.forgotten = true;
            if (session.check()) {
                questions.tellStopped(session);
            }
        }
    }
}
