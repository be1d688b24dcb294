// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What one direction of a link does to datagrams. The same seed does the same to the same number of them, however fast they come.
 *
 * @param seed of all chances
 * @param loss share that is lost, 0 to 1
 * @param delay of each
 * @param jitter what is added at most; it keeps the order, as a queue does
 * @param reordered share that comes {@link #LATE} later, behind what follows it
 * @param duplicated share that comes twice
 */
public record Impairment(long seed, double loss, Duration delay, Duration jitter, double reordered, double duplicated) {
    /** How much later one comes that is overtaken. */
    public static final Duration LATE = Duration.ofMillis(20);

    /** Nothing happens on the way. */
    public static Impairment none() {
        return new Impairment(0, 0, Duration.ZERO, Duration.ZERO, 0, 0);
    }

    /** Some are lost, and all need a while. */
    public static Impairment lossy(long seed, double loss, Duration delay) {
        return new Impairment(seed, loss, delay, Duration.ZERO, 0, 0);
    }

    /** What happens to one datagram after the other. Not thread-safe. */
    Fates fates() {
        return new Fates(this);
    }

    /** What happens to one datagram after the other. */
    static final class Fates {
        private final Impairment of;
        private final Random chance;

        Fates(Impairment of) {
            this.of = of;
            this.chance = new Random(of.seed);
        }

        /** How many nanoseconds later the next one comes: not at all, once, or twice. Each draws as many numbers, so that a seed stays a seed. */
        List<Long> next() {
            boolean lost = chance.nextDouble() < of.loss;
            boolean late = chance.nextDouble() < of.reordered;
            boolean twice = chance.nextDouble() < of.duplicated;
            long nanos = of.delay.toNanos() + (long) (chance.nextDouble() * of.jitter.toNanos());
            List<Long> delays = new ArrayList<>();
            if (!lost) {
                delays.add(late ? nanos + LATE.toNanos() : nanos);
                if (twice) {
                    delays.add(nanos);
                }
            }
            return delays;
        }
    }
}
