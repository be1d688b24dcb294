// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;

/**
 * Where a stream is fetched from.
 *
 * @param uri without a user: {@code rtsp://192.168.1.20/live}
 * @param user empty where nobody logs in
 * @param password of the user; of SRT the passphrase
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

    private static final String PASSPHRASE_SCHEME = "srt://";
    private static final String PASSPHRASE = "passphrase=";

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
        if (stripped.regionMatches(true, 0, PASSPHRASE_SCHEME, 0, PASSPHRASE_SCHEME.length())) {
            return withPassphrase(stripped, datagrams, reach, patience);
        }
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
            URI uri = new URI(place);
            if (uri.getRawAuthority() == null) {
                throw new IllegalArgumentException("an address without a host");
            }
            return new SourceAddress(
                    uri,
                    decoded(colon < 0 ? login : login.substring(0, colon)),
                    colon < 0 ? "" : decoded(login.substring(colon + 1)),
                    datagrams,
                    reach,
                    patience);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("an address that is none: " + e.getReason()); // without its input
        }
    }

    /** Addresses of SRT: there is no user, and the secret stands in the query. As people copy them, with number signs in the stream's id. */
    private static SourceAddress withPassphrase(String text, boolean datagrams, Reach reach, Duration patience) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("an address looks like srt://host:port?streamid=…");
        }
        int question = text.indexOf('?');
        String passphrase = "";
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (String pair : question < 0
                ? List.<String>of()
                : List.of(text.substring(question + 1).split("&"))) {
            if (pair.startsWith(PASSPHRASE)) {
                passphrase = decoded(pair.substring(PASSPHRASE.length()));
            } else if (!pair.isEmpty()) {
                query.add(pair.replace("#", "%23").replace(" ", "%20"));
            }
        }
        try {
            URI uri = new URI((question < 0 ? text : text.substring(0, question)) + query);
            if (uri.getRawAuthority() == null || uri.getRawUserInfo() != null) {
                throw new IllegalArgumentException("an address without a host, or with a user");
            }
            return new SourceAddress(uri, "", passphrase, datagrams, reach, patience);
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
