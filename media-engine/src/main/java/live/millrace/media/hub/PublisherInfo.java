// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.UUID;

/**
 * Who publishes.
 *
 * @param credentialId names the key without revealing it
 * @param encoder what the peer calls itself
 * @param protocol in lower case, {@code rtmp}
 * @param since when the session began
 */
public record PublisherInfo(
        UUID sessionId,
        String credentialId,
        InetSocketAddress remoteAddress,
        String encoder,
        String protocol,
        Instant since) {}
