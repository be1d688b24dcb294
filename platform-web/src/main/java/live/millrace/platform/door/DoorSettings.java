// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a client of the site's port may take, under {@code millrace.web}.
 *
 * @param headerTimeout from the first byte of a request to the last of its header, and for a TLS handshake: absolute
 * @param bodyTimeout how long the site waits for a body that has hardly begun
 * @param bodyRate bytes that buy a second more; a body that comes faster may be as long as it likes
 * @param connectionsPerAddress of one address (IPv6: /64), and never more than half of all; named proxies are not counted
 * @param requestsPerAddress of one client that are answered at a time, also behind a named proxy
 */
@ConfigurationProperties("millrace.web")
record DoorSettings(
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue("2048") int bodyRate,
        @DefaultValue("2000") int connectionsPerAddress,
        @DefaultValue("100") int requestsPerAddress) {
    DoorSettings {
        if (headerTimeout.toMillis() < 1
                || bodyTimeout.toMillis() < 1
                || bodyRate < 1
                || connectionsPerAddress < 1
                || requestsPerAddress < 1) {
            throw new IllegalArgumentException("what millrace.web allows is more than nothing");
        }
    }
}
