// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.time.Duration;

/**
 * A session's name and how long it lives without a word (RFC 2326 §12.37).
 *
 * @param id 1 to 256 characters, as the server wrote it
 * @param timeout 60 s where nothing is said
 */
public record SessionHeader(String id, Duration timeout) {
    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MAX_ID = 256;

    /** A sign of life goes out so long before the end. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofSeconds(1);

    /** Some cameras end sessions sooner than they say. */
    private static final Duration LONGEST_KEEP_ALIVE = Duration.ofSeconds(30);

    /** @throws RtspProtocolException if the name is empty or too long */
    public SessionHeader {
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new RtspProtocolException("a session id of " + id.length() + " characters");
        }
    }

    /**
     * Reads a header.
     *
     * @throws RtspProtocolException if it names no session
     */
    public static SessionHeader parse(String header) {
        String[] parts = header.split(";", -1);
        Duration timeout = USUAL;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.regionMatches(true, 0, "timeout=", 0, 8)) {
                timeout = seconds(part.substring(8).strip());
            }
        }
        return new SessionHeader(parts[0].strip(), timeout);
    }

    private static Duration seconds(String text) {
        try {
            long seconds = Long.parseLong(text);
            return seconds < 1 ? USUAL : Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds()));
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    /** How often a client is to say that it is still there. */
    public Duration keepAlive() {
        Duration interval = timeout.minus(MARGIN);
        if (interval.compareTo(SHORTEST_KEEP_ALIVE) < 0) {
            return SHORTEST_KEEP_ALIVE;
        }
        return interval.compareTo(LONGEST_KEEP_ALIVE) > 0 ? LONGEST_KEEP_ALIVE : interval;
    }

    /** Writes it with its timeout. */
    public String write() {
        return id + ";timeout=" + timeout.toSeconds();
    }
}
