// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What new connections are encrypted with. A renewed certificate is taken over by itself; connections that are there keep theirs.
 * Thread-safe.
 */
public final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    /** A handshake that takes longer is somebody who keeps a socket for himself. */
    public static final long HANDSHAKE_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private record Pair(SslContext rtmp, SslContext http, long version) {}

    private final CertificateSource source;
    private volatile Pair current;

    /** @throws IllegalArgumentException if the certificate cannot be used */
    public TlsContexts(CertificateSource source) {
        this.source = source;
        this.current = make();
    }

    private Pair make() {
        long version = source.version();
        try {
            SslContext http = source.read()
                    .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
            SslContext rtmp = source.read().build();
            Rehearsal.of(rtmp);
            return new Pair(rtmp, http, version);
        } catch (SSLException e) {
            throw new IllegalArgumentException("The certificate cannot be used: " + e.getMessage(), e);
        }
    }

    /** For RTMPS. */
    public SslContext rtmp() {
        return current.rtmp();
    }

    /** For HTTPS and WSS, with HTTP/2 for those who speak it. */
    public SslContext http() {
        return current.http();
    }

    /** Takes over a certificate that changed; one that cannot be used leaves the old one in force. Blocks for files. */
    public void renew() {
        if (source.version() == current.version()) {
            return;
        }
        try {
            current = make();
            LOG.info("A renewed certificate is in force");
        } catch (IllegalArgumentException e) {
            LOG.warn("The old certificate stays in force: {}", e.getMessage());
        }
    }
}
