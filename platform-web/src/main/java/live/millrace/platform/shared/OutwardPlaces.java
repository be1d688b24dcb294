// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Where the site calls a service, and where not: at the host that the operator entered wherever that is, and elsewhere in the public
 * internet alone. What a service says of its addresses shall lead to nothing that lies behind our door.
 */
public final class OutwardPlaces {
    private static final String ENCRYPTED = "https";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private OutwardPlaces() {}

    /** Not a place to call. */
    public static final class ForbiddenException extends IOException {
        private static final long serialVersionUID = 1L;

        ForbiddenException(String message) {
            super(message);
        }
    }

    /** HTTPS, or this machine; a host, and nothing beside it that a form or a person would put there. */
    public static boolean wellFormed(URI address) {
        String scheme = address.getScheme();
        String host = address.getHost();
        return scheme != null
                && host != null
                && address.getRawUserInfo() == null
                && address.getRawFragment() == null
                && (scheme.equalsIgnoreCase(ENCRYPTED) || (scheme.equalsIgnoreCase("http") && thisMachine(host)));
    }

    private static boolean thisMachine(String host) {
        return THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
    }

    /**
     * @param issuer what the operator entered
     * @throws ForbiddenException when it is no place to call: not HTTPS, or behind our door
     * @throws IOException when its name is unknown
     */
    public static void check(URI address, URI issuer) throws IOException {
        if (!wellFormed(address)) {
            throw new ForbiddenException("no address of HTTPS: " + address.getHost());
        }
        reach(address, issuer);
    }

    /**
     * The same for any scheme. Blocks for name servers.
     *
     * @param entered what the operator entered
     * @throws ForbiddenException when it is behind our door
     * @throws IOException when its name is unknown
     */
    public static void reach(URI address, URI entered) throws IOException {
        if (address.getHost().equalsIgnoreCase(entered.getHost())) {
            return;
        }
        for (InetAddress found : InetAddress.getAllByName(address.getHost())) {
            boolean inside = AddressRange.parse(found.getHostAddress().replaceFirst("%.*", ""))
                    .map(AddressRange::touchesPrivate)
                    .orElse(true);
            if (inside || found.isMulticastAddress()) {
                throw new ForbiddenException("a private address: " + address.getHost());
            }
        }
    }
}
