// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import java.time.Duration;

/**
 * Where RTMP listens and what a peer is told.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port 0 picks a free one
 * @param refusal what every refused publisher is told, whatever the cause: whoever guesses keys learns nothing from it
 */
public record RtmpConfig(String host, int port, Timeouts timeouts, String refusal) {
    public RtmpConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /**
     * How long a peer may take to say what it wants.
     *
     * @param connect from the accepted socket to {@code connect}, absolute: a slow drip does not extend it
     * @param publish from {@code connect} to {@code publish}
     */
    public record Timeouts(Duration connect, Duration publish) {
        public Timeouts {
            positive(connect, "connect timeout");
            positive(publish, "publish timeout");
        }

        private static void positive(Duration value, String name) {
            if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("the " + name + " is more than 0 and at most 10 min, not " + value);
            }
        }

        public static Timeouts defaults() {
            return new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10));
        }
    }

    public static RtmpConfig defaults() {
        return new RtmpConfig("0.0.0.0", 1935, Timeouts.defaults(), "This stream key may not publish.");
    }

    /** The same on another address. */
    public RtmpConfig at(String newHost, int newPort) {
        return new RtmpConfig(newHost, newPort, timeouts, refusal);
    }
}
