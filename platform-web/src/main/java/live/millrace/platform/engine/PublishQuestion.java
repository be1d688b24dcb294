// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.util.Optional;
import java.util.UUID;

/**
 * Somebody wants to publish.
 *
 * @param remote the peer's address, without port
 * @param channel the channel that the address names, if it does
 * @param secret what stands in the place of a key; never to be logged
 */
public record PublishQuestion(
        UUID sessionId, String remote, String encoder, Optional<String> channel, Optional<String> secret) {
    @Override
    public String toString() {
        return "PublishQuestion[" + sessionId + " from " + remote + "]";
    }
}
