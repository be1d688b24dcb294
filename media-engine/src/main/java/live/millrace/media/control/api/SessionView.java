// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import java.util.UUID;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlaySession;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;

/**
 * One session in JSON.
 *
 * @param kind {@code publish} or {@code play}
 * @param client what the encoder or player calls itself
 * @param since ISO 8601
 * @param seen when it asked for something last, ISO 8601; of a publisher the same as since
 * @param identity who watches, as whoever allowed it calls them; empty if unsaid
 * @param ticket by which it watches: the first digits of its SHA-256; empty without one
 * @param recording that is watched; empty for the live stream
 */
record SessionView(
        UUID id,
        String kind,
        String protocol,
        String application,
        String channel,
        String remoteAddress,
        String client,
        String since,
        String seen,
        String identity,
        String ticket,
        String recording) {
    /** So much of a hash tells tickets apart. */
    private static final int HASH_DIGITS = 12;

    static SessionView of(PublisherInfo publisher, StreamPath path) {
        String since = publisher.since().toString();
        return new SessionView(
                publisher.sessionId(),
                "publish",
                publisher.protocol(),
                path.application(),
                path.name(),
                publisher.remoteAddress().getAddress().getHostAddress(),
                publisher.encoder(),
                since,
                since,
                "",
                "",
                "");
    }

    static SessionView of(PlaySession session) {
        PlayAttempt attempt = session.attempt();
        return new SessionView(
                attempt.sessionId(),
                "play",
                attempt.protocol(),
                attempt.application(),
                attempt.name(),
                attempt.remoteAddress().getAddress().getHostAddress(),
                attempt.userAgent(),
                session.since().toString(),
                session.seen().toString(),
                session.identity().orElse(""),
                attempt.ticket()
                        .map(ticket -> ticket.hash().substring(0, HASH_DIGITS))
                        .orElse(""),
                attempt.recording().orElse(""));
    }
}
