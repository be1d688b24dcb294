// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;

/**
 * One wish to publish, as an endpoint understood it and before anything was decided.
 *
 * @param sessionId names this publish session in every later event and log line
 * @param remoteAddress where the peer's packets come from
 * @param protocol in lower case, as in {@code PlayAttempt}
 * @param encoder what the peer calls itself, at most 128 printable characters; empty if unsaid
 * @param channel the channel named in the address ({@code /live/{channel}?key=…}); empty when the key alone decides
 * @param key the stream key; empty when the address held none
 * @param requested the whole address, for those who do not go by channel and key
 */
public record PublishAttempt(
        UUID sessionId,
        InetSocketAddress remoteAddress,
        String protocol,
        String encoder,
        Optional<String> channel,
        Optional<StreamKey> key,
        RequestedStream requested) {}
