// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import live.millrace.media.tls.CertificateSource;

/**
 * Encryption.
 *
 * @param ports of the encrypted schemes, each 0 for a free one; a scheme that is not named has no port
 * @param front a port where not only media is; empty for none
 */
public record TlsConfig(CertificateSource certificate, Map<String, Integer> ports, Optional<FrontPort> front) {
    /**
     * A port where media is, and behind it a site of pages.
     *
     * @param port 0 for a free one
     * @param site where that listens on this machine; empty until it does, asked for each request until then
     * @param origin where the world reaches the port, as {@code https://live.example.org}; empty while it is not known. Who comes without encryption is
     *     led there; asked on event loops
     */
    public record FrontPort(int port, Supplier<Optional<InetSocketAddress>> site, Supplier<Optional<String>> origin) {}

    public TlsConfig {
        ports = Map.copyOf(ports);
        ports.forEach((scheme, port) -> {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port + " as that of " + scheme);
            }
        });
    }

    /** For media alone. */
    public TlsConfig(CertificateSource certificate, Map<String, Integer> ports) {
        this(certificate, ports, Optional.empty());
    }

    /** The same with a site behind another port. */
    public TlsConfig with(FrontPort shared) {
        return new TlsConfig(certificate, ports, Optional.of(shared));
    }

    /** The port of a scheme, if it has one. */
    public OptionalInt port(String scheme) {
        Integer port = ports.get(scheme);
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
