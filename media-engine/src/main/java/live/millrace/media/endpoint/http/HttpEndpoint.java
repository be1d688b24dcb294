// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.http.HttpTallies;
import live.millrace.media.http.front.Front;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.NamedProxies;
import live.millrace.media.tls.TlsPort;
import org.jspecify.annotations.Nullable;

/** The ports for HTTP and HTTPS: an HTTP server as an endpoint of the engine. */
public final class HttpEndpoint implements Endpoint {
    /** The scheme of its addresses. */
    public static final String SCHEME = "http";

    /** The same, encrypted. */
    public static final String TLS_SCHEME = "https";

    private final HttpServer server;
    private @Nullable Front front;

    /**
     * Nothing listens yet.
     *
     * @param router what all endpoints have registered when this one starts
     * @param tls where HTTPS listens, if it does
     * @param proxies that say whom they speak for
     */
    public HttpEndpoint(
            HttpConfig config, Listening listening, HttpRouter router, Optional<TlsPort> tls, NamedProxies proxies) {
        server = new HttpServer(SCHEME, config, listening, router, tls, proxies);
    }

    /**
     * Listens on another encrypted port, where all that is not media is the site's; before the start.
     *
     * @param origin as {@link HttpServer#share} has it
     */
    public void share(TlsPort port, Front site, Supplier<Optional<String>> origin) {
        front = site;
        server.share(port, site, origin);
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public Map<String, Integer> ports() {
        return server.ports();
    }

    @Override
    public int connections() {
        return server.connections();
    }

    @Override
    public int fetching() {
        return server.connections();
    }

    /** What was counted since the start. */
    public HttpTallies tallies() {
        return server.tallies();
    }

    @Override
    public void meters(Meters meters) {
        meters.gauge("millrace.http.connections.open", "open HTTP sockets for media", server, HttpServer::connections);
        meters.tally(
                "millrace.http.answers",
                "outcome",
                "answers to requests for media",
                server.tallies().answers());
        meters.bytes(
                "millrace.http.sent", "content sent over HTTP", server.tallies().sent());
        Front site = front;
        if (site != null) {
            meters.tally(
                    "millrace.front.requests",
                    "outcome",
                    "requests that were passed on to the site",
                    site.tallies().requests());
            meters.gauge(
                    "millrace.front.sockets.open",
                    "open WebSockets of the site",
                    site.tallies().sockets(),
                    LongAdder::sum);
        }
    }

    @Override
    public void stopAccepting() {
        server.stopAccepting();
    }

    @Override
    public void disconnect() {
        server.disconnect();
        // While the loops of its connections still turn.
        Front site = front;
        if (site != null) {
            site.close();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
