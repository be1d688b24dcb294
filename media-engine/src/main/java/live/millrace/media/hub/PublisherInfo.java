// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who publishes.
 *
 * @param origin by what right
 * @param remoteAddress where the media comes from
 * @param encoder what the peer calls itself
 * @param protocol in lower case, {@code rtmp}
 * @param since when the session began
 */
public record PublisherInfo(
        UUID sessionId,
        PublisherOrigin origin,
        InetSocketAddress remoteAddress,
        String encoder,
        String protocol,
        Instant since) {
    /** Somebody with a key. */
    public PublisherInfo(
            UUID sessionId,
            String credentialId,
            InetSocketAddress remoteAddress,
            String encoder,
            String protocol,
            Instant since) {
        this(sessionId, new PublisherOrigin.Key(credentialId), remoteAddress, encoder, protocol, since);
    }

    /** The same session, its program called otherwise. */
    PublisherInfo withEncoder(String name) {
        return new PublisherInfo(sessionId, origin, remoteAddress, name, protocol, since);
    }

    /** Names the key without revealing it; empty if there is none. */
    public Optional<String> credentialId() {
        return origin instanceof PublisherOrigin.Key(String credentialId)
                ? Optional.of(credentialId)
                : Optional.empty();
    }
}
