// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What new connections are encrypted with. A renewed certificate is taken over by itself; connections that are there keep theirs.
 * Thread-safe.
 */
public final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    /** The older ones are broken, whatever a machine's Java may still allow (RFC 8996). */
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /** Negotiates nothing. */
    private static final List<String> PLAIN = List.of();

    /**
     * What is in force.
     *
     * @param contexts by the application protocols that they negotiate
     * @param version of the certificate
     * @param proofs what was offered beside
     */
    private record Current(Map<List<String>, SslContext> contexts, long version, List<String> proofs) {}

    private final CertificateSource source;
    private volatile Current current;

    /** @throws IllegalArgumentException if the certificate cannot be used */
    public TlsContexts(CertificateSource source) {
        this.source = source;
        this.current = make(Set.of(PLAIN));
    }

    private Current make(Set<List<String>> wanted) {
        long version = source.version();
        List<String> proofs = source.proofs();
        Map<List<String>, SslContext> made = new HashMap<>();
        try {
            for (List<String> protocols : wanted) {
                made.put(protocols, make(protocols, proofs));
            }
            Rehearsal.of(Objects.requireNonNull(made.get(PLAIN)));
            return new Current(made, version, proofs);
        } catch (SSLException e) {
            throw new IllegalArgumentException("The certificate cannot be used: " + e.getMessage(), e);
        }
    }

    private SslContext make(List<String> protocols, List<String> proofs) throws SSLException {
        SslContextBuilder builder = source.read().protocols(VERSIONS);
        if (protocols.contains(ApplicationProtocolNames.HTTP_2)) {
            // RFC 9113 §9.2.2 forbids HTTP/2 over the others.
            builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        }
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    Stream.concat(protocols.stream(), proofs.stream()).toList()));
        }
        return builder.build();
    }

    /**
     * The contexts for one kind of connection, the newest at each call.
     *
     * @param protocols that are negotiated (RFC 7301), the preferred one first; none for connections that speak one alone
     * @throws IllegalArgumentException if the certificate cannot be used
     */
    public synchronized Supplier<SslContext> negotiating(List<String> protocols) {
        List<String> key = List.copyOf(protocols);
        Current before = current;
        if (!before.contexts().containsKey(key)) {
            Map<List<String>, SslContext> more = new HashMap<>(before.contexts());
            try {
                more.put(key, make(key, before.proofs()));
            } catch (SSLException e) {
                throw new IllegalArgumentException("The certificate cannot be used: " + e.getMessage(), e);
            }
            current = new Current(more, before.version(), before.proofs());
        }
        return () -> Objects.requireNonNull(current.contexts().get(key));
    }

    /** Takes over a certificate that changed; one that cannot be used leaves the old one in force. Blocks for files. */
    public synchronized void renew() {
        Current before = current;
        if (source.version() == before.version()) {
            return;
        }
        try {
            current = make(before.contexts().keySet());
            if (current.proofs().equals(before.proofs())) {
                // The first of somebody, or a renewed one: whoever got it knows.
                LOG.info("Another certificate is in force");
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("The old certificate stays in force: {}", e.getMessage());
        }
    }
}
