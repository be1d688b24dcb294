// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wanted to do who first has to sign up or log in: said on those pages, and gone on with afterwards.
 *
 * @param purpose what, or {@link Purpose#NONE}
 * @param channel whose channel it is about, or nothing
 * @param next where to go on, a path of this site, or nothing
 */
public record Visit(Purpose purpose, String channel, String next) {
    private static final Pattern CHANNEL = Pattern.compile("[a-z0-9_-]{1,40}");

    /** Why people are asked who they are. */
    public enum Purpose {
        /** They only came. */
        NONE,
        /** To go on air. */
        LIVE,
        /** To follow a channel. */
        FOLLOW,
        /** To comment in a channel. */
        COMMENT,
        /** To see what they follow. */
        FOLLOWING
    }

    /** Reads what came from outside; what is not understood is nothing. */
    public static Visit of(@Nullable String purpose, @Nullable String channel, @Nullable String next) {
        String name = channel != null && CHANNEL.matcher(channel).matches() ? channel : "";
        Purpose known = Purpose.NONE;
        for (Purpose candidate : Purpose.values()) {
            boolean about = candidate != Purpose.FOLLOW && candidate != Purpose.COMMENT;
            if (purpose != null
                    && candidate.name().toLowerCase(Locale.ROOT).equals(purpose)
                    && (about || !name.isEmpty())) {
                known = candidate;
            }
        }
        String usual = switch (known) {
            case LIVE -> "/studio";
            case FOLLOWING -> "/following";
            case FOLLOW, COMMENT -> "/" + name;
            case NONE -> "";
        };
        return new Visit(known, name, LocalRedirect.orElse(next, usual));
    }

    /** Where to go on, or there. */
    public String nextOr(String otherwise) {
        return next.isEmpty() ? otherwise : next;
    }

    /** What the pages ask for this, as the end of an address: {@code ?for=follow&channel=anna}, or nothing. */
    public String query() {
        StringBuilder query = new StringBuilder();
        if (purpose != Purpose.NONE) {
            query.append("&for=").append(purpose.name().toLowerCase(Locale.ROOT));
            if (!channel.isEmpty()) {
                query.append("&channel=").append(channel);
            }
        } else if (!next.isEmpty()) {
            query.append("&continue=")
                    .append(next.replace("&", "%26").replace("?", "%3F").replace("=", "%3D"));
        }
        return query.isEmpty() ? "" : "?" + query.substring(1);
    }
}
