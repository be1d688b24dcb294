// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.time.Duration;

/**
 * How long those who publish may take and how much they may have, whatever protocol they speak.
 *
 * @param authorize how long the answer to "may it publish?" may take; after that the peer is let go, and nothing said of the key. An
 *     encoder that was let in late publishes; one that was turned away has to be started again by hand
 * @param silence a publisher from which nothing comes for so long is gone; one that gives signs of life may send no media for
 *     {@value PublishSession#SPARSE_FACTOR} times as long
 */
public record AdmissionConfig(Duration authorize, Duration silence, Limits limits) {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    public AdmissionConfig {
        positive(authorize, "authorize timeout");
        positive(silence, "silence timeout");
    }

    private static void positive(Duration value, String name) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the " + name + " is more than 0 and at most 10 min, not " + value);
        }
    }

    /**
     * How much peers may have on all ports for publishers together.
     *
     * @param connections sockets at a time
     * @param connectionsPerAddress sockets of one remote address
     * @param connectsPerSecond new sockets of one remote address; twice as many at once
     * @param refusalsPerMinute refused keys of one remote address before it is refused unasked
     * @param nearby whether the limits by address hold for loopback and private networks as well, where proxies connect from
     */
    public record Limits(
            int connections, int connectionsPerAddress, int connectsPerSecond, int refusalsPerMinute, boolean nearby) {
        public Limits {
            if (connections < 1 || connectionsPerAddress < 1 || connectsPerSecond < 1 || refusalsPerMinute < 1) {
                throw new IllegalArgumentException("limits of publishers' connections start at 1");
            }
        }

        public static Limits defaults() {
            return new Limits(10_000, 256, 50, 10, false);
        }
    }

    public static AdmissionConfig defaults() {
        return new AdmissionConfig(Duration.ofSeconds(60), Duration.ofSeconds(10), Limits.defaults());
    }
}
