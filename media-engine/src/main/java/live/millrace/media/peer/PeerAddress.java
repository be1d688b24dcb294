// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.peer;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/** What a limit wants to know of a remote address. */
public final class PeerAddress {
    /** The first seven bits of unique local addresses (RFC 4193). */
    private static final int UNIQUE_LOCAL = 0xFC;

    private static final int SUBNET_BYTES = 8;
    private static final int SITE_BYTES = 6;
    private static final int BLOCK_BYTES = 3;

    private PeerAddress() {}

    /** Names one client: an address of IPv4, the /64 of IPv6, of which everybody has a whole one. */
    public static String client(InetAddress address) {
        return address instanceof Inet6Address ? prefix(address, SUBNET_BYTES) : address.getHostAddress();
    }

    /** Names the network around a client: the /24 of IPv4, the /48 of IPv6. */
    public static String network(InetAddress address) {
        return prefix(address, address instanceof Inet6Address ? SITE_BYTES : BLOCK_BYTES);
    }

    /** Loopback and private networks: where proxies, tunnels and containers connect from, for many at once. */
    public static boolean isNearby(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || (address instanceof Inet6Address && (address.getAddress()[0] & 0xFE) == UNIQUE_LOCAL);
    }

    private static String prefix(InetAddress address, int bytes) {
        return Arrays.toString(Arrays.copyOf(address.getAddress(), bytes));
    }
}
