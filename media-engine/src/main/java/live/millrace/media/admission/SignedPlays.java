// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PlaySignature;
import live.millrace.media.access.SigningKeys;
import live.millrace.media.hub.StreamPath;

/**
 * Addresses by which whoever has them watches what is not for everybody, for a minute at most: for caches in front, which ask in the place of
 * many and cannot tell who they are. They are given to those whose session was allowed. Each stream has an epoch, which is signed with them: when
 * a session that was given one is sent away, the epoch is another, and with it all addresses of the stream are worth nothing. Epochs begin anew
 * with the process. Thread-safe.
 */
public final class SignedPlays {
    /** Addresses end together: all who are given one within so many seconds have the same. */
    static final int WINDOW_SECONDS = 30;

    /** The longest that one holds. */
    static final int MOST_SECONDS = 2 * WINDOW_SECONDS;

    private static final int MILLIS = 1_000;

    /**
     * What is watched.
     *
     * @param path of the stream; of a recording, of the stream that it was made of
     * @param recording its id; empty for the live stream
     */
    public record What(StreamPath path, Optional<String> recording) {
        private PlaySignature.Kind kind() {
            return recording.isEmpty() ? PlaySignature.Kind.LIVE : PlaySignature.Kind.VIDEO;
        }

        private String subject() {
            return recording.orElseGet(path::toString);
        }
    }

    /**
     * An address that was given away.
     *
     * @param leftMillis how long it holds
     */
    public record Issued(PlaySignature signature, StreamPath path, long epoch, long leftMillis) {}

    private final Optional<SigningKeys> keys;
    private final InstantSource clock;

    /** Of all streams of which nobody was sent away yet. */
    private final long firstEpoch;

    /** Of the others. They had sessions that were allowed, so that there are no more than streams. */
    private final ConcurrentHashMap<StreamPath, Long> epochs = new ConcurrentHashMap<>();

    /** How to end what is being sent by such addresses. */
    private final ConcurrentHashMap<StreamPath, Set<Runnable>> held = new ConcurrentHashMap<>();

    private SignedPlays(Optional<SigningKeys> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
        this.firstEpoch = clock.millis();
    }

    /** Nothing was given away yet. */
    public SignedPlays(SigningKeys keys, InstantSource clock) {
        this(Optional.of(keys), clock);
    }

    /** Nothing ever is. */
    public static SignedPlays none() {
        return new SignedPlays(Optional.empty(), InstantSource.system());
    }

    /** Whether any are given away. */
    public boolean on() {
        return keys.isPresent();
    }

    private long epoch(StreamPath path) {
        return epochs.getOrDefault(path, firstEpoch);
    }

    private Optional<PlaySignature> signature(What what, int key, long epoch, long expires) {
        return keys.flatMap(all -> all.key(key))
                .map(secret -> PlaySignature.make(secret, key, what.kind(), what.subject(), epoch, expires));
    }

    // ---- given away -------------------------------------------------------------------------------------------

    /**
     * For a session that was allowed and still is; empty when it is over meanwhile, or nothing is given away.
     *
     * @param nanos now, by the clock of sessions
     */
    Optional<Issued> issue(ViewerSession session, What what, long nanos) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        long epoch = epoch(what.path());
        long now = clock.millis();
        long expires = (now / MILLIS / WINDOW_SECONDS) * WINDOW_SECONDS + MOST_SECONDS;
        Optional<Issued> issued = signature(what, keys.get().current(), epoch, expires)
                .map(signature -> new Issued(signature, what.path(), epoch, expires * MILLIS - now));
        issued.ifPresent(address -> {
            session.givenUntil(nanos + TimeUnit.SECONDS.toNanos(MOST_SECONDS));
            session.given(address);
        });
        // Last: whoever sends it away from now on finds what it was given.
        return issued.filter(_ -> session.check());
    }

    /** A session is refused from now on: what it was given is worth nothing, and what everybody else was given neither. */
    void sentAway(ViewerSession session) {
        Issued given = session.given();
        if (given != null) {
            raise(given.path(), given.epoch());
        }
    }

    /** A broadcast is over, and nobody knows any more who was given addresses of it. */
    void over(StreamPath path) {
        if (on()) {
            raise(path, epoch(path));
        }
    }

    /** Begins another epoch, unless that was done already. */
    private void raise(StreamPath path, long from) {
        long to = Math.max(from + 1, clock.millis());
        boolean[] raised = new boolean[1];
        epochs.compute(path, (_, there) -> {
            raised[0] = (there == null ? firstEpoch : there) == from;
            return raised[0] ? Long.valueOf(to) : there;
        });
        if (raised[0]) {
            held.getOrDefault(path, Set.of()).forEach(Runnable::run);
        }
    }

    // ---- brought back -----------------------------------------------------------------------------------------

    /** An address that somebody asked by is good. Thread-safe. */
    public final class Grant {
        private final StreamPath path;
        private final long epoch;
        private final long expires;

        private Grant(StreamPath path, long epoch, long expires) {
            this.path = path;
            this.epoch = epoch;
            this.expires = expires;
        }

        /** Whether nobody was sent away since. That it ends by itself does not matter to what was asked for before. */
        public boolean holds() {
            return epoch(path) == epoch;
        }

        /** For so many seconds it can be asked by yet; negative when it is over. */
        public long secondsLeft() {
            return expires - (clock.millis() + MILLIS - 1) / MILLIS;
        }

        /**
         * Something is being sent, until {@link #release}.
         *
         * @param end run, on any thread, when all addresses of the stream end
         */
        public void hold(Runnable end) {
            held.compute(path, (_, there) -> {
                Set<Runnable> all = there == null ? ConcurrentHashMap.newKeySet() : there;
                all.add(end);
                return all;
            });
        }

        /** It has arrived, or never will. Idempotent. */
        public void release(Runnable end) {
            held.computeIfPresent(path, (_, all) -> {
                all.remove(end);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /**
     * Whether an address is good for something.
     *
     * @param text what stands in the place of the signature; anything
     */
    public Optional<Grant> check(String text, What what) {
        Optional<PlaySignature> said = PlaySignature.of(text);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        long epoch = epoch(what.path());
        Grant grant = new Grant(what.path(), epoch, said.get().expires());
        // None was given away for longer: a clock that was set back makes none hold longer.
        return said.get().expires() * MILLIS <= clock.millis()
                        || grant.secondsLeft() > MOST_SECONDS
                        || signature(what, said.get().key(), epoch, said.get().expires())
                                .filter(said.get()::is)
                                .isEmpty()
                ? Optional.empty()
                : Optional.of(grant);
    }
}
