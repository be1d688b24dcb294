// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.nio.file.Path;
import java.util.Map;
import live.millrace.media.endpoint.http.HttpEndpoint;
import live.millrace.media.endpoint.rtmp.RtmpEndpoint;
import live.millrace.media.server.TlsConfig;
import live.millrace.media.tls.CertificateSource;
import org.jspecify.annotations.Nullable;

/** A certificate with its chain and its key, in PEM files. */
record TlsSettings(
        @Nullable String certificate,
        @Nullable String privateKey,
        @Nullable Integer rtmpPort,
        @Nullable Integer rtspPort,
        @Nullable Integer httpPort) {
    private static final int DEFAULT_RTMPS_PORT = 1936;
    private static final int DEFAULT_RTSPS_PORT = 8322;
    private static final int DEFAULT_HTTPS_PORT = 8443;

    TlsConfig config() {
        if (certificate == null || privateKey == null) {
            throw new IllegalArgumentException("tls wants both certificate and private-key.");
        }
        return new TlsConfig(
                CertificateSource.pem(Path.of(certificate), Path.of(privateKey)),
                Map.of(
                        RtmpEndpoint.TLS_SCHEME,
                        or(rtmpPort, DEFAULT_RTMPS_PORT),
                        "rtsps",
                        or(rtspPort, DEFAULT_RTSPS_PORT),
                        HttpEndpoint.TLS_SCHEME,
                        or(httpPort, DEFAULT_HTTPS_PORT)));
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
