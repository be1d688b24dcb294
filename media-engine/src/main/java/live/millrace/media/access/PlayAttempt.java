// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.net.InetSocketAddress;
import java.util.UUID;

/**
 * One wish to watch.
 *
 * @param sessionId names this play session
 * @param remoteAddress where the peer's packets come from
 * @param application of the stream
 * @param name of the stream in its application
 * @param protocol in lower case, {@code hls}
 * @param parameters of the request's query, undecoded, without the question mark
 * @param userAgent what the player calls itself, empty if unsaid
 */
public record PlayAttempt(
        UUID sessionId,
        InetSocketAddress remoteAddress,
        String application,
        String name,
        String protocol,
        String parameters,
        String userAgent) {
    /** Parameters may hold a token. */
    @Override
    public String toString() {
        return "PlayAttempt[" + sessionId + " " + application + "/" + name + " " + protocol + "]";
    }
}
