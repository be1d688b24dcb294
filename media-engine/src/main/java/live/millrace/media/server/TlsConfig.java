// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import live.millrace.media.tls.CertificateSource;

/**
 * RTMPS, HTTPS and WSS.
 *
 * @param rtmpPort 0 picks a free one
 * @param httpPort likewise
 */
public record TlsConfig(CertificateSource certificate, int rtmpPort, int httpPort) {
    public static final int DEFAULT_RTMP_PORT = 1936;
    public static final int DEFAULT_HTTP_PORT = 8443;

    public TlsConfig {
        if (rtmpPort < 0 || rtmpPort > 65_535 || httpPort < 0 || httpPort > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + rtmpPort + " and " + httpPort);
        }
    }
}
