// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import java.util.Optional;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.PathTicket;
import live.millrace.media.hub.StreamPath;

/** How viewers tell over HTTP who they are: by parameters of the query, which addresses inside a playlist inherit. */
public final class HttpViewer {
    /** The page's id of its browser. */
    private static final String VIEWER = "v";

    /** A ticket, where the path has none. */
    private static final String TICKET = "t";

    /** Set by the studio, whose player is no viewer. */
    private static final String PREVIEW = "preview";

    private HttpViewer() {}

    /** What a request for a live stream asks for, of whom. */
    public static PlayRequest request(HttpRequest request, StreamPath path, String protocol) {
        return request(request, path, protocol, Optional.empty());
    }

    /**
     * What a request asks for, of whom. What cannot be a ticket is none: that it was one shall be looked at before.
     *
     * @param recording the name of one; empty for the live stream
     */
    public static PlayRequest request(
            HttpRequest request, StreamPath path, String protocol, Optional<String> recording) {
        return new PlayRequest(
                path,
                request.remoteAddress(),
                protocol,
                request.parameter(VIEWER),
                request.parameter(PREVIEW).isPresent(),
                request.rawQuery(),
                request.headers().get("User-Agent", ""),
                ticket(request),
                recording);
    }

    /** The same of a request for a session of another protocol, whose clients cannot always write a ticket before the path: a parameter will do. */
    public static PlayRequest session(HttpRequest request, StreamPath path, String protocol) {
        return new PlayRequest(
                path,
                request.remoteAddress(),
                protocol,
                request.parameter(VIEWER),
                request.parameter(PREVIEW).isPresent(),
                request.rawQuery(),
                request.headers().get("User-Agent", ""),
                ticket(request).or(() -> request.parameter(TICKET).flatMap(PlayTicket::of)),
                Optional.empty());
    }

    /** The ticket that came with a request; empty when there was none, or it can be none. */
    public static Optional<PlayTicket> ticket(HttpRequest request) {
        return request.ticket()
                .filter(said -> said.kind() == PathTicket.Kind.TICKET)
                .flatMap(said -> PlayTicket.of(said.text()));
    }

    /** The parameters that addresses inside a playlist inherit, with their question mark; empty if there are none. */
    public static String handedOn(HttpRequest request) {
        if (request.parameter(PREVIEW).isPresent()) {
            return "?" + PREVIEW + "=1";
        }
        Optional<String> viewer = request.parameter(VIEWER).filter(PlayRequest::isViewerId);
        return viewer.map(id -> "?" + VIEWER + "=" + id).orElse("");
    }
}
