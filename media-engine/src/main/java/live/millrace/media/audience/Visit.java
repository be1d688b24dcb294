// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.audience;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.media.http.HttpRequest;

/**
 * Somebody asks for media.
 *
 * @param protocol in lower case
 * @param viewerId the page's id of its browser, if it sends one
 * @param preview the studio's own player, which is no audience
 * @param parameters of the request's query, undecoded
 * @param userAgent what the player calls itself; empty if unsaid
 */
public record Visit(
        InetSocketAddress remoteAddress,
        String protocol,
        Optional<String> viewerId,
        boolean preview,
        String parameters,
        String userAgent) {
    /** What is kept of a player's own words. */
    private static final int MAX_WORDS = 256;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Pattern BOT =
            Pattern.compile("bot|crawl|spider|preview|facebookexternalhit|whatsapp|slurp|embedly|curl|wget");

    public Visit {
        viewerId = viewerId.filter(id -> ID.matcher(id).matches());
        parameters = words(parameters);
        userAgent = words(userAgent);
    }

    /** The page's id of its browser; playlists hand it on. */
    public static final String VIEWER = "v";

    /** Set by the studio, whose player is no viewer. */
    public static final String PREVIEW = "preview";

    /** A request over HTTP. */
    public static Visit of(HttpRequest query, String protocol) {
        return new Visit(
                query.remoteAddress(),
                protocol,
                query.parameter(VIEWER),
                query.parameter(PREVIEW).isPresent(),
                query.rawQuery(),
                query.headers().get("User-Agent", ""));
    }

    /** The parameters that addresses inside a playlist inherit, with their question mark; empty if there are none. */
    public static String handedOn(HttpRequest query) {
        if (query.parameter(PREVIEW).isPresent()) {
            return "?" + PREVIEW + "=1";
        }
        return query.parameter(VIEWER)
                .filter(id -> ID.matcher(id).matches())
                .map(id -> "?" + VIEWER + "=" + id)
                .orElse("");
    }

    private static String words(String text) {
        return text.length() > MAX_WORDS ? text.substring(0, MAX_WORDS) : text;
    }

    /** A link bot or the studio's preview watches without being an audience. */
    boolean counted() {
        return !preview && !BOT.matcher(userAgent.toLowerCase(Locale.ROOT)).find();
    }

    /** Which requests are one viewer's: those with its id; else those that look alike. */
    String key() {
        return (preview ? "preview " : "")
                + viewerId.orElseGet(() -> remoteAddress.getAddress().getHostAddress() + ' ' + userAgent.hashCode());
    }
}
