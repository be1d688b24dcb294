// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.camera.Cameras;
import org.jspecify.annotations.Nullable;

/** Addresses that devices say of themselves. Nobody is sent from one device to another, and no password is. */
final class DeviceAddresses {
    /** Characters of one that is called. */
    private static final int MOST_SERVICE = 300;

    private static final int MOST_PORT = 65_535;
    private static final Set<String> SERVICES = Set.of("http", "https");
    private static final Set<String> STREAMS = Set.of("rtsp", "rtsps");

    private DeviceAddresses() {}

    /**
     * A service of a device.
     *
     * @param host the device's address, as four numbers
     * @return empty where it is no HTTP, or elsewhere
     */
    static Optional<URI> service(String said, String host) {
        URI uri = said.length() > MOST_SERVICE ? null : parsed(said, SERVICES);
        return uri == null || !host.equals(uri.getHost()) || uri.getRawUserInfo() != null
                ? Optional.empty()
                : Optional.of(at(uri, host));
    }

    /**
     * A stream of a device: wherever it says that is, at the device's own address. Behind routers and in containers they say names that only
     * they know.
     */
    static Optional<String> stream(String said, String host) {
        URI uri = said.length() > Cameras.MOST_ADDRESS ? null : parsed(said, STREAMS);
        return uri == null ? Optional.empty() : Optional.of(at(uri, host).toString());
    }

    private static @Nullable URI parsed(String said, Set<String> schemes) {
        try {
            URI uri = new URI(said.strip().replace(" ", "%20"));
            String scheme = uri.getScheme();
            return scheme == null
                            || !schemes.contains(scheme.toLowerCase(Locale.ROOT))
                            || uri.getHost() == null
                            || uri.getPort() == 0
                            || uri.getPort() > MOST_PORT
                    ? null
                    : uri;
        } catch (URISyntaxException malformed) {
            return null;
        }
    }

    /** With a path always: without one, the end of the host would be for others to find. */
    private static URI at(URI uri, String host) {
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        return URI.create(uri.getScheme().toLowerCase(Locale.ROOT)
                + "://"
                + host
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + (path == null || path.isEmpty() ? "/" : path)
                + (query == null ? "" : "?" + query));
    }

    /** Where a service is; its host is an address, so that no name is resolved. */
    static InetSocketAddress socket(URI service) {
        int usual = service.getScheme().equals("https") ? 443 : 80;
        return new InetSocketAddress(
                InetAddress.ofLiteral(service.getHost()), service.getPort() < 0 ? usual : service.getPort());
    }
}
