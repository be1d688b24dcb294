// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlaySession;
import live.millrace.media.http.HttpQuery;

/**
 * Who watches one broadcast: play sessions that asked for a playlist in the last 30 seconds. A browser is known by the id that
 * its page sends, other players by address and User-Agent. Whoever is new is asked about once; whoever was refused is asked about
 * again after some seconds. Thread-safe.
 */
final class Viewers {
    /** What a request for the playlist gets. */
    enum Admission {
        ALLOWED,
        REFUSED,
        TOO_FAST
    }

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of one browser in a second: a player asks once in two seconds, an impatient one some times more. */
    private static final int MAX_POLLS = 20;

    /** Of players that look alike: a school behind one address, all with the same player. */
    private static final int MAX_POLLS_ALIKE = 500;

    /** Beyond this nobody new is let in: somebody invents ids. */
    private static final int MAX_REMEMBERED = 50_000;

    /** What is kept of a player's own words. */
    private static final int MAX_WORDS = 256;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Pattern BOT =
            Pattern.compile("bot|crawl|spider|preview|facebookexternalhit|whatsapp|slurp|embedly|curl|wget");

    private static final CompletionStage<Admission> ALLOWED = CompletableFuture.completedStage(Admission.ALLOWED);
    private static final CompletionStage<Admission> REFUSED = CompletableFuture.completedStage(Admission.REFUSED);
    private static final CompletionStage<Admission> TOO_FAST = CompletableFuture.completedStage(Admission.TOO_FAST);

    /** The questions, and where their answers go. */
    record Gate(PlayAuthorizer authorizer, PlayObserver observer, Duration timeout, InstantSource clock) {}

    private static final class Session {
        final PlayAttempt attempt;
        final Instant since;

        /** A link bot or the studio's preview watches without being an audience. */
        final boolean counted;

        final int maxPolls;
        final CompletableFuture<Boolean> decision = new CompletableFuture<>();
        volatile long lastSeen;
        private long rateSince;
        private int polls;

        Session(PlayAttempt attempt, Instant since, boolean counted, int maxPolls, long now) {
            this.attempt = attempt;
            this.since = since;
            this.counted = counted;
            this.maxPolls = maxPolls;
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

        boolean allowed() {
            return decision.getNow(false);
        }

        boolean over(long now) {
            return now - lastSeen > (decision.isDone() && !allowed() ? REFUSED_NANOS : WINDOW_NANOS);
        }
    }

    private final ConcurrentHashMap<String, Session> sessions = new ConcurrentHashMap<>();
    private final String channel;
    private final Gate gate;
    private final LongSupplier nanoTime;

    Viewers(String channel, Gate gate, LongSupplier nanoTime) {
        this.channel = channel;
        this.gate = gate;
        this.nanoTime = nanoTime;
    }

    /** Decides on a request for the media playlist, and notes that its session is there. */
    CompletionStage<Admission> seen(HttpQuery query) {
        long now = nanoTime.getAsLong();
        String agent = query.headers().get("User-Agent", "");
        boolean preview = query.parameter(HlsEndpoint.PREVIEW).isPresent();
        Optional<String> id = query.parameter(HlsEndpoint.VIEWER)
                .filter(given -> ID.matcher(given).matches());
        String key = (preview ? "preview " : "")
                + id.orElseGet(() -> query.remoteAddress().getAddress().getHostAddress() + ' ' + agent.hashCode());
        Session session = sessions.get(key);
        if (session == null) {
            if (sessions.size() >= MAX_REMEMBERED) {
                return TOO_FAST;
            }
            boolean counted =
                    !preview && !BOT.matcher(agent.toLowerCase(Locale.ROOT)).find();
            PlayAttempt attempt = new PlayAttempt(
                    UUID.randomUUID(), query.remoteAddress(), channel, "hls", words(query.rawQuery()), words(agent));
            Session fresh = new Session(
                    attempt, gate.clock().instant(), counted, id.isPresent() ? MAX_POLLS : MAX_POLLS_ALIKE, now);
            session = sessions.putIfAbsent(key, fresh);
            if (session == null) {
                session = fresh;
                ask(fresh);
            }
        }
        if (session.tooFast(now)) {
            return TOO_FAST;
        }
        if (!session.decision.isDone()) {
            session.lastSeen = now;
            return session.decision.thenApply(yes -> yes ? Admission.ALLOWED : Admission.REFUSED);
        }
        if (!session.allowed()) {
            // Its time is not extended: a player that asks on is asked about again when it is over.
            return REFUSED;
        }
        session.lastSeen = now;
        return ALLOWED;
    }

    private static String words(String text) {
        return text.length() > MAX_WORDS ? text.substring(0, MAX_WORDS) : text;
    }

    private void ask(Session session) {
        CompletableFuture<Boolean> answer;
        try {
            answer = gate.authorizer()
                    .authorize(session.attempt)
                    .toCompletableFuture()
                    .copy();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        // No answer in time is no.
        answer.orTimeout(gate.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((yes, failure) -> session.decision.complete(failure == null && Boolean.TRUE.equals(yes)));
    }

    /** How many there are now. */
    int count() {
        long now = nanoTime.getAsLong();
        int count = 0;
        for (Session session : sessions.values()) {
            if (session.counted && session.allowed() && !session.over(now)) {
                count++;
            }
        }
        return count;
    }

    /** Those who were allowed and watch. */
    List<PlaySession> sessions() {
        long now = nanoTime.getAsLong();
        return sessions.values().stream()
                .filter(session -> session.allowed() && !session.over(now))
                .map(session -> new PlaySession(session.attempt, session.since))
                .toList();
    }

    /** Refuses a session from now on; answers whether there was one. It is asked about again some seconds later. */
    boolean stop(UUID sessionId) {
        Optional<Session> found = sessions.values().stream()
                .filter(session -> session.attempt.sessionId().equals(sessionId) && session.allowed())
                .findFirst();
        found.ifPresent(session -> {
            session.decision.obtrudeValue(false);
            session.lastSeen = nanoTime.getAsLong();
            gate.observer().stopped(session.attempt);
        });
        return found.isPresent();
    }

    /** Forgets those who left, and tells of them. Called every few seconds. */
    void sweep() {
        long now = nanoTime.getAsLong();
        for (Iterator<Session> all = sessions.values().iterator(); all.hasNext(); ) {
            Session session = all.next();
            if (session.over(now)) {
                all.remove();
                stopped(session);
            }
        }
    }

    /** The broadcast is over. */
    void close() {
        for (Iterator<Session> all = sessions.values().iterator(); all.hasNext(); ) {
            Session session = all.next();
            all.remove();
            stopped(session);
        }
    }

    private void stopped(Session session) {
        if (session.allowed()) {
            gate.observer().stopped(session.attempt);
        }
    }
}
