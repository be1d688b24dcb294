// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import java.time.Duration;

/**
 * Where RTMP listens and what a peer may do.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port 0 picks a free one
 * @param connectTimeout from the accepted socket to {@code connect}, absolute: a slow drip does not extend it
 * @param publishTimeout from {@code connect} to {@code publish}
 * @param silenceTimeout a publisher that sends no media for so long is gone
 * @param authorizeTimeout how long the answer to "may it publish?" may take; after that it is no
 * @param maxConnections sockets at a time
 * @param maxConnectionsPerAddress sockets of one remote address; loopback, where proxies sit, is not counted
 * @param refusalsPerMinute refused keys of one remote address before it is refused unasked; loopback is not counted
 */
public record RtmpConfig(
        String host,
        int port,
        Duration connectTimeout,
        Duration publishTimeout,
        Duration silenceTimeout,
        Duration authorizeTimeout,
        int maxConnections,
        int maxConnectionsPerAddress,
        int refusalsPerMinute) {
    public RtmpConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        positive(connectTimeout, "connect timeout");
        positive(publishTimeout, "publish timeout");
        positive(silenceTimeout, "silence timeout");
        positive(authorizeTimeout, "authorize timeout");
        if (maxConnections < 1 || maxConnectionsPerAddress < 1 || refusalsPerMinute < 1) {
            throw new IllegalArgumentException("limits of RTMP connections start at 1");
        }
    }

    private static void positive(Duration value, String name) {
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("the " + name + " is more than 0 and at most 10 min, not " + value);
        }
    }

    public static RtmpConfig defaults() {
        return new RtmpConfig(
                "0.0.0.0",
                1935,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                10_000,
                256,
                10);
    }

    /** The same on another address. */
    public RtmpConfig at(String newHost, int newPort) {
        return new RtmpConfig(
                newHost,
                newPort,
                connectTimeout,
                publishTimeout,
                silenceTimeout,
                authorizeTimeout,
                maxConnections,
                maxConnectionsPerAddress,
                refusalsPerMinute);
    }
}
