// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** When what is tried. */
final class Timetable {
    /** Of Let's Encrypt: so many refused validations of a name within an hour, and everything is refused. */
    static final int REFUSALS = 5;

    static final Duration REFUSAL_TIME = Duration.ofHours(1);

    /** The longest that a directory is believed: its limits are for a week. */
    static final Duration LONGEST_LIMIT = Duration.ofDays(8);

    private static final List<Duration> PAUSES = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4),
            Duration.ofHours(8),
            Duration.ofHours(16),
            Duration.ofDays(1));

    /** Of a certificate's life: those that began together are not renewed together. */
    private static final int SPREAD = 50;

    /** What is left of a life is time for so many tries at least. */
    private static final int TRIES_LEFT = 8;

    private static final Duration SHORTEST_NEAR_END = Duration.ofMinutes(15);

    private Timetable() {}

    /**
     * When a certificate is renewed: after two thirds of its life, which it says itself.
     *
     * @param number of the certificate, from which it is known how much later
     */
    static Instant renewal(Instant from, Instant until, long number) {
        Duration life = Duration.between(from, until);
        Duration spread = life.dividedBy(SPREAD);
        long millis = spread.toMillis() < 1 ? 0 : Math.floorMod(number * 2_654_435_761L, spread.toMillis());
        return from.plus(life.multipliedBy(2).dividedBy(3)).plusMillis(millis);
    }

    /**
     * How long to wait after so many failures in a row, this one included.
     *
     * @param share 0 to 1: up to a tenth more, so that what failed together does not come back together
     * @param left of the life of the certificate that is in force; longer than any where there is none
     */
    static Duration pause(int failures, double share, Duration left) {
        Duration pause = PAUSES.get(Math.clamp(failures - 1L, 0, PAUSES.size() - 1));
        Duration near = left.dividedBy(TRIES_LEFT);
        Duration most = near.compareTo(SHORTEST_NEAR_END) < 0 ? SHORTEST_NEAR_END : near;
        Duration bounded = pause.compareTo(most) < 0 ? pause : most;
        return bounded.plusMillis((long) (bounded.toMillis() * share / 10));
    }

    /**
     * The earliest that a validation may be asked for, that is {@code wanted} or later.
     *
     * @param refused when such were refused, in any order
     */
    static Instant allowed(Instant wanted, List<Instant> refused) {
        List<Instant> recent = refused.stream()
                .filter(each -> each.isAfter(wanted.minus(REFUSAL_TIME)) && !each.isAfter(wanted))
                .sorted()
                .toList();
        return recent.size() < REFUSALS
                ? wanted
                : recent.get(recent.size() - REFUSALS).plus(REFUSAL_TIME).plusSeconds(1);
    }
}
