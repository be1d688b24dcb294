// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.util.Optional;

/**
 * What stands in the place of a ticket before a path, {@code /t/{ticket}/live/anna.m3u8}. Relative addresses inside inherit it. Nobody has
 * looked at it, and nobody must see it: {@link #toString()} hides it.
 *
 * @param text anything without a slash, perhaps nothing
 */
public record PathTicket(String text) {
    private static final String PREFIX = "/t/";

    /** What is longer is no ticket, and is not kept. */
    private static final int MAX_LENGTH = 64;

    /** A path with its ticket, in the place of one that would be told or written down. */
    public static final String HIDDEN = "/t/…";

    public PathTicket {
        text = text.length() > MAX_LENGTH ? "" : text;
    }

    /**
     * The ticket before a path; empty when it has none, as most have.
     *
     * @param uri path and query
     */
    static Optional<PathTicket> of(String uri) {
        int end = end(uri);
        return end < 0 ? Optional.empty() : Optional.of(new PathTicket(uri.substring(PREFIX.length(), end)));
    }

    /**
     * Path and query behind the ticket; the same where there is none.
     *
     * @param uri path and query
     */
    static String without(String uri) {
        int end = end(uri);
        return end < 0 ? uri : uri.substring(end);
    }

    /** Where the path behind a ticket begins; negative when there is no ticket. */
    private static int end(String uri) {
        if (!uri.startsWith(PREFIX)) {
            return -1;
        }
        int slash = uri.indexOf('/', PREFIX.length());
        int mark = uri.indexOf('?');
        return mark >= 0 && slash > mark ? -1 : slash;
    }

    @Override
    public String toString() {
        return HIDDEN;
    }
}
