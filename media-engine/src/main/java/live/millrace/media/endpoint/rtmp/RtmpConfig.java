// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import java.time.Duration;

/**
 * Where RTMP listens and what a peer may do.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port 0 picks a free one
 * @param refusal what every refused publisher is told, whatever the cause: whoever guesses keys learns nothing from it
 */
public record RtmpConfig(String host, int port, Timeouts timeouts, Limits limits, String refusal) {
    public RtmpConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /**
     * How long a peer may take.
     *
     * @param connect from the accepted socket to {@code connect}, absolute: a slow drip does not extend it
     * @param publish from {@code connect} to {@code publish}
     * @param silence a publisher from which nothing comes for so long is gone; one that answers pings may send no media for
     *     {@value #SPARSE_FACTOR} times as long
     * @param authorize how long the answer to "may it publish?" may take; after that the connection is closed, and nothing said of the
     *     key. An encoder that was let in late publishes; one that was turned away has to be started again by hand
     */
    public record Timeouts(Duration connect, Duration publish, Duration silence, Duration authorize) {
        static final int SPARSE_FACTOR = 6;

        public Timeouts {
            positive(connect, "connect timeout");
            positive(publish, "publish timeout");
            positive(silence, "silence timeout");
            positive(authorize, "authorize timeout");
        }

        private static void positive(Duration value, String name) {
            if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("the " + name + " is more than 0 and at most 10 min, not " + value);
            }
        }

        public static Timeouts defaults() {
            return new Timeouts(
                    Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60));
        }
    }

    /**
     * How much a peer may have.
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
                throw new IllegalArgumentException("limits of RTMP connections start at 1");
            }
        }

        public static Limits defaults() {
            return new Limits(10_000, 256, 50, 10, false);
        }
    }

    public static RtmpConfig defaults() {
        return new RtmpConfig(
                "0.0.0.0", 1935, Timeouts.defaults(), Limits.defaults(), "This stream key may not publish.");
    }

    /** The same on another address. */
    public RtmpConfig at(String newHost, int newPort) {
        return new RtmpConfig(newHost, newPort, timeouts, limits, refusal);
    }
}
