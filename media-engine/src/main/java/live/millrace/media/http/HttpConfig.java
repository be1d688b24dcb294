// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.time.Duration;

/**
 * Where media is served over HTTP and what a client may do.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port 0 picks a free one
 * @param requestTimeout for an idle connection, and at most for a whole request to arrive ({@link #arrivalTimeout}): absolute, a slow
 *     drip does not extend it
 * @param writeTimeout for a response to be taken
 * @param maxConnections sockets at a time
 * @param maxConnectionsPerAddress sockets of one remote address
 * @param requestsPerSecond of one remote address; twice as many at once
 * @param limitPrivate whether the limits by address hold for loopback and private networks as well, where proxies connect from
 * @param crossOrigin whether pages of any origin may read the answers: media yes, a management API no
 */
public record HttpConfig(
        String host,
        int port,
        Duration requestTimeout,
        Duration writeTimeout,
        int maxConnections,
        int maxConnectionsPerAddress,
        int requestsPerSecond,
        boolean limitPrivate,
        boolean crossOrigin) {
    private static final Duration ARRIVAL = Duration.ofSeconds(10);

    public HttpConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (requestTimeout.toMillis() < 1 || writeTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("HTTP time limits are longer than 0");
        }
        if (requestsPerSecond < 1) {
            throw new IllegalArgumentException("at least one request a second, not " + requestsPerSecond);
        }
        if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
            throw new IllegalArgumentException("at least one HTTP connection, not " + maxConnections + " and "
                    + maxConnectionsPerAddress + " of an address");
        }
    }

    /** From the first byte of a request to its last: what is sent to this port is small. */
    Duration arrivalTimeout() {
        return requestTimeout.compareTo(ARRIVAL) < 0 ? requestTimeout : ARRIVAL;
    }

    /** One address never takes more than half of all places. */
    int mostOfAddress() {
        return Math.min(maxConnectionsPerAddress, Math.max(1, maxConnections / 2));
    }

    public static HttpConfig defaults() {
        return new HttpConfig(
                "0.0.0.0", 8081, Duration.ofSeconds(60), Duration.ofSeconds(60), 20_000, 2_000, 1_000, false, true);
    }

    /** The same on another address. */
    public HttpConfig at(String newHost, int newPort) {
        return new HttpConfig(
                newHost,
                newPort,
                requestTimeout,
                writeTimeout,
                maxConnections,
                maxConnectionsPerAddress,
                requestsPerSecond,
                limitPrivate,
                crossOrigin);
    }
}
