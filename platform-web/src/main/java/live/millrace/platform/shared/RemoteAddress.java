// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** A peer's address, as limits count it. */
public final class RemoteAddress {
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final String THIS_MACHINE = "127.0.0.1";

    private RemoteAddress() {}

    /** What counts as one peer: the address, or the /64 network of an IPv6 address, of which anybody has as many as they like. */
    public static String network(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, IPV6_NETWORK_BYTES) + "::/64"
                    : parsed.getHostAddress();
        } catch (IllegalArgumentException noAddress) {
            return address;
        }
    }

    /** The address; one for this machine, whose programs are told apart by chance: a browser takes {@code ::1} where an encoder does not. */
    public static String ofMachine(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress() ? THIS_MACHINE : address;
        } catch (IllegalArgumentException noAddress) {
            return address;
        }
    }

    /** Whether it is this machine or a private network: behind one such address may sit a whole school, or a proxy. */
    public static boolean nearby(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed.isLoopbackAddress()
                    || parsed.isSiteLocalAddress()
                    || parsed.isLinkLocalAddress()
                    || (parsed instanceof Inet6Address && (parsed.getAddress()[0] & 0xfe) == 0xfc);
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }
}
