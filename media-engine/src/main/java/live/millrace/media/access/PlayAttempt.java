// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;

/**
 * One wish to watch: a live stream, or a recording.
 *
 * @param sessionId names this play session
 * @param remoteAddress where the peer's packets come from
 * @param application of the stream; of a recording, of the stream that it was made of
 * @param name of the stream in its application; likewise
 * @param protocol in lower case, {@code hls}
 * @param parameters of the request's query, undecoded, without the question mark
 * @param userAgent what the player calls itself, empty if unsaid
 * @param ticket that came with it; one that cannot be a ticket was refused before
 * @param recording the name of the recording that it is about; empty when it is about the live stream
 */
public record PlayAttempt(
        UUID sessionId,
        InetSocketAddress remoteAddress,
        String application,
        String name,
        String protocol,
        String parameters,
        String userAgent,
        Optional<PlayTicket> ticket,
        Optional<String> recording) {
    /** For a live stream, without a ticket. */
    public PlayAttempt(
            UUID sessionId,
            InetSocketAddress remoteAddress,
            String application,
            String name,
            String protocol,
            String parameters,
            String userAgent) {
        this(
                sessionId,
                remoteAddress,
                application,
                name,
                protocol,
                parameters,
                userAgent,
                Optional.empty(),
                Optional.empty());
    }

    /** Whether it is about a stream, live or recorded. */
    public boolean isOf(String ofApplication, String ofName) {
        return application.equals(ofApplication) && name.equals(ofName);
    }

    /** Whether it came with a ticket, which is known by its hash. */
    public boolean bears(String hash) {
        return ticket.isPresent() && ticket.get().hash().equals(hash);
    }

    /** Parameters may hold a token. */
    @Override
    public String toString() {
        return "PlayAttempt[" + sessionId + " " + application + "/" + name
                + recording.map(id -> " as " + id).orElse("") + " " + protocol
                + (ticket.isPresent() ? " by ticket]" : "]");
    }
}
