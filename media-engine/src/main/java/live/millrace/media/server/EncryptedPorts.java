// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import live.millrace.media.endpoint.http.HttpEndpoint;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.http.front.Front;
import live.millrace.media.tls.TlsContexts;
import live.millrace.media.tls.TlsPort;

/** Where connections are encrypted, and with what; nowhere without a configuration. */
final class EncryptedPorts {
    private final Optional<TlsConfig> config;
    private final Optional<TlsContexts> contexts;

    /** @throws IllegalArgumentException if the certificate cannot be used */
    EncryptedPorts(Optional<TlsConfig> config) {
        this.config = config;
        this.contexts = config.map(each -> new TlsContexts(each.certificate()));
    }

    /** What all of them are encrypted with. */
    Optional<TlsContexts> contexts() {
        return contexts;
    }

    /**
     * Where a scheme is encrypted, if it is.
     *
     * @param protocols that are negotiated; none for a scheme that speaks one alone
     * @throws IllegalArgumentException if the certificate is unfit for them
     */
    Optional<TlsPort> of(String scheme, List<String> protocols) {
        OptionalInt port = config.map(each -> each.port(scheme)).orElseGet(OptionalInt::empty);
        return port.isEmpty()
                ? Optional.empty()
                : contexts.map(each -> new TlsPort(port.getAsInt(), each.negotiating(protocols)));
    }

    /** Has media be where the site is as well, if it shall. */
    void share(HttpEndpoint media, HttpRouter router, Transport transport, EventLoops loops) {
        config.flatMap(TlsConfig::front)
                .ifPresent(front -> contexts.ifPresent(each -> media.share(
                        new TlsPort(front.port(), each.negotiating(HttpServer.APPLICATION_PROTOCOLS)),
                        new Front(router, transport.socketChannel(), loops.count(), front.site()),
                        front.origin())));
    }
}
