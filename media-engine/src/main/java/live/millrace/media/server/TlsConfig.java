// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.util.Map;
import java.util.OptionalInt;
import live.millrace.media.tls.CertificateSource;

/**
 * Encryption.
 *
 * @param ports of the encrypted schemes, each 0 for a free one; a scheme that is not named has no port
 */
public record TlsConfig(CertificateSource certificate, Map<String, Integer> ports) {
    public TlsConfig {
        ports = Map.copyOf(ports);
        ports.forEach((scheme, port) -> {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port + " as that of " + scheme);
            }
        });
    }

    /** The port of a scheme, if it has one. */
    public OptionalInt port(String scheme) {
        Integer port = ports.get(scheme);
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
