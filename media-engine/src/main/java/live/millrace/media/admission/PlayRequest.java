// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.peer.PeerAddress;

/**
 * Somebody asks for media.
 *
 * @param path of the stream; of a recording, of the stream that it was made of
 * @param protocol in lower case
 * @param viewerId the page's id of its browser, if it sends one
 * @param preview the studio's own player, which is no audience
 * @param parameters of the request's query, undecoded
 * @param userAgent what the player calls itself; empty if unsaid
 * @param ticket that came with it
 * @param recording the name of the recording that is asked for; empty for the live stream
 */
public record PlayRequest(
        StreamPath path,
        InetSocketAddress remoteAddress,
        String protocol,
        Optional<String> viewerId,
        boolean preview,
        String parameters,
        String userAgent,
        Optional<PlayTicket> ticket,
        Optional<String> recording) {
    /** What is kept of a player's own words. */
    private static final int MAX_WORDS = 256;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Pattern BOT =
            Pattern.compile("bot|crawl|spider|preview|facebookexternalhit|whatsapp|slurp|embedly|curl|wget");

    /** For a live stream, without a ticket. */
    public PlayRequest(
            StreamPath path,
            InetSocketAddress remoteAddress,
            String protocol,
            Optional<String> viewerId,
            boolean preview,
            String parameters,
            String userAgent) {
        this(
                path,
                remoteAddress,
                protocol,
                viewerId,
                preview,
                parameters,
                userAgent,
                Optional.empty(),
                Optional.empty());
    }

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

    /** What is asked for, to tell it from all else: the path of a stream, or the name of a recording. */
    Object watched() {
        return recording.isPresent() ? recording.get() : path;
    }

    /** Whether it says by itself whose it is, so that it is found again without a socket of its own. */
    boolean known() {
        return viewerId.isPresent() || ticket.isPresent();
    }

    /** Which requests are one viewer's: those with its id; else those that look alike. */
    String key() {
        return (preview ? "preview " : "") + viewerId.map(id -> byTicket() + id).orElseGet(this::look);
    }

    /** What a viewer looks like whose request says no id, as those for segments do. */
    String look() {
        return byTicket() + remoteAddress.getAddress().getHostAddress() + ' ' + userAgent.hashCode();
    }

    /** What comes by another ticket, or by the same from another network, is another's: the one may end without the other. */
    private String byTicket() {
        return ticket.isEmpty()
                ? ""
                : ticket.get().hash() + ' ' + PeerAddress.network(remoteAddress.getAddress()) + ' ';
    }
}
