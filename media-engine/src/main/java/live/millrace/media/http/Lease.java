// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For how long caches may keep an answer that is not for everybody, but for all who ask by the same address.
 *
 * @param secondsLeft of that address, now; negative when it is over
 * @param changes what it leads to is another thing soon: a list of what is live
 */
public record Lease(LongSupplier secondsLeft, boolean changes) {
    static final String NOBODY = "private, no-store";

    private static final Pattern KEPT = Pattern.compile("public, max-age=(\\d{1,9})\\b.*");

    /**
     * The directive of the answer (RFC 9111 §5.2.2).
     *
     * @param said by whoever answered, as if it were for everybody
     */
    String cacheControl(HttpResponseStatus status, String said) {
        long left = secondsLeft.getAsLong();
        boolean found = status.equals(HttpResponseStatus.OK)
                || status.equals(HttpResponseStatus.PARTIAL_CONTENT)
                || status.equals(HttpResponseStatus.NOT_MODIFIED);
        if (!found || left < 1) {
            return NOBODY;
        }
        Matcher kept = KEPT.matcher(said);
        if (kept.matches()) {
            return "public, max-age=" + Math.min(left, Long.parseLong(kept.group(1)));
        }
        // A second is enough for one question in place of a thousand: a list that is waited for is asked for by its own
        // address.
        return changes ? "public, max-age=0, s-maxage=1" : NOBODY;
    }
}
