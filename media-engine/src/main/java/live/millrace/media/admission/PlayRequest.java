// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.media.hub.StreamPath;

/**
 * Somebody asks for media.
 *
 * @param protocol in lower case
 * @param viewerId the page's id of its browser, if it sends one
 * @param preview the studio's own player, which is no audience
 * @param parameters of the request's query, undecoded
 * @param userAgent what the player calls itself; empty if unsaid
 */
public record PlayRequest(
        StreamPath path,
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

    public PlayRequest {
        viewerId = viewerId.filter(PlayRequest::isViewerId);
        parameters = words(parameters);
        userAgent = words(userAgent);
    }

    /** Whether a text can be the id of a browser. */
    public static boolean isViewerId(String text) {
        return ID.matcher(text).matches();
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
        return (preview ? "preview " : "") + viewerId.orElseGet(this::look);
    }

    /** What a viewer looks like whose request says no id, as those for segments do. */
    String look() {
        return remoteAddress.getAddress().getHostAddress() + ' ' + userAgent.hashCode();
    }
}
