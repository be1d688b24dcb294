// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Where a stream is fetched from.
 *
 * @param uri without a user: {@code rtsp://192.168.1.20/live}
 * @param user empty where nobody logs in
 * @param password of the user
 * @param datagrams media over UDP where both sides can; TCP otherwise
 * @param reach which networks it may lie in
 * @param patience how long it may take to start: some cameras sleep
 */
public record SourceAddress(URI uri, String user, String password, boolean datagrams, Reach reach, Duration patience) {
    /** Which networks somebody may have asked for. Nobody may name this machine's own ports, or what answers for its cloud. */
    public enum Reach {
        /** The internet. */
        PUBLIC,
        /** Private networks as well. */
        PRIVATE
    }

    /** What most sources keep within. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

    /** Longer addresses are none of a camera's. */
    public static final int LONGEST = 2_048;

    /**
     * Reads an address as people have it, with or without user and password before its host. Both may be percent-encoded, and need not be: a
     * password may hold what no address may, but for a slash.
     *
     * @throws IllegalArgumentException if it is none; the message does not repeat it
     */
    public static SourceAddress of(String text, boolean datagrams, Reach reach, Duration patience) {
        String stripped = text.strip();
        int authority = stripped.indexOf("://") + 3;
        if (authority < 3 || stripped.length() > LONGEST) {
            throw new IllegalArgumentException("an address looks like rtsp://camera/path");
        }
        int end = authority;
        while (end < stripped.length() && stripped.charAt(end) != '/') {
            end++;
        }
        int at = stripped.lastIndexOf('@', end - 1);
        String login = at < authority ? "" : stripped.substring(authority, at);
        int colon = login.indexOf(':');
        String place = stripped.substring(0, authority) + stripped.substring(Math.max(authority, at + 1));
        try {
            return new SourceAddress(
                    new URI(place),
                    decoded(colon < 0 ? login : login.substring(0, colon)),
                    colon < 0 ? "" : decoded(login.substring(colon + 1)),
                    datagrams,
                    reach,
                    patience);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("an address that is none: " + e.getReason()); // without its input
        }
    }

    /** A percent sign that begins no code is one. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Secrets stand here, in the address as well. */
    @Override
    public String toString() {
        return "SourceAddress[hidden]";
    }
}
