// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a browser says of where a request comes from. Host and port are compared, and the scheme is not: behind a proxy the site may not know
 * that the world reaches it over HTTPS.
 */
final class SameOrigin {
    /** What can be told. */
    enum Answer {
        OURS,
        FOREIGN,
        /** By a program, an old browser, or a page that tells nobody where it is. */
        UNKNOWN
    }

    private SameOrigin() {}

    static Answer of(HttpServletRequest request, Optional<String> publicUrl) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none") ? Answer.OURS : Answer.FOREIGN;
        }
        String origin = request.getHeader("Origin");
        if (origin == null || origin.equals("null")) {
            return Answer.UNKNOWN;
        }
        String from = authority(origin);
        boolean ours = from != null
                && (from.equals(bare(request.getHeader("Host")))
                        || from.equals(bare(request.getServerName() + ":" + request.getServerPort()))
                        || publicUrl
                                .map(SameOrigin::authority)
                                .filter(from::equals)
                                .isPresent());
        return ours ? Answer.OURS : Answer.FOREIGN;
    }

    private static @Nullable String authority(String address) {
        try {
            return bare(URI.create(address).getRawAuthority());
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** Without a port that browsers leave out. */
    private static @Nullable String bare(@Nullable String authority) {
        return authority == null ? null : authority.toLowerCase(Locale.ROOT).replaceFirst(":(?:80|443)$", "");
    }
}
