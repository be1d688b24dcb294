// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.util.Optional;

/**
 * What stands before a path and says that one may have what is behind it: a ticket, {@code /t/{ticket}/live/anna.m3u8}, or a signature for all who
 * ask in the same minute, {@code /k/{signature}/live/anna.m3u8}. Relative addresses inside inherit it. Nobody has looked at it, and nobody must
 * see it: {@link #toString()} hides it.
 *
 * @param text anything without a slash, perhaps nothing
 */
public record PathTicket(Kind kind, String text) {
    /** What it is meant to be. */
    public enum Kind {
        /** Says who asks. */
        TICKET("/t/"),
        /** Says that whoever asks may. */
        SIGNATURE("/k/");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /** What is longer is neither, and is not kept. */
    private static final int MAX_LENGTH = 64;

    public PathTicket {
        text = text.length() > MAX_LENGTH ? "" : text;
    }

    /**
     * What stands before a path; empty where nothing does, as before most.
     *
     * @param uri path and query
     */
    static Optional<PathTicket> of(String uri) {
        for (Kind kind : Kind.values()) {
            int end = end(uri, kind);
            if (end >= 0) {
                return Optional.of(new PathTicket(kind, uri.substring(kind.prefix.length(), end)));
            }
        }
        return Optional.empty();
    }

    /**
     * Path and query behind it; the same where there is none.
     *
     * @param uri path and query
     */
    static String without(String uri) {
        for (Kind kind : Kind.values()) {
            int end = end(uri, kind);
            if (end >= 0) {
                return uri.substring(end);
            }
        }
        return uri;
    }

    /** Where the path behind it begins; negative where there is none of the kind. */
    private static int end(String uri, Kind kind) {
        if (!uri.startsWith(kind.prefix)) {
            return -1;
        }
        int slash = uri.indexOf('/', kind.prefix.length());
        int mark = uri.indexOf('?');
        return mark >= 0 && slash > mark ? -1 : slash;
    }

    @Override
    public String toString() {
        return kind.prefix + "…";
    }
}
