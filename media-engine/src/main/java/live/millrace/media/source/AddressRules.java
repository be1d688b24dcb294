// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What kind of network an address lies in (IANA's special-purpose registries for IPv4 and IPv6). */
final class AddressRules {
    /** Who may be sent there. */
    enum Kind {
        /** Everybody. */
        PUBLIC,
        /** Whoever may name addresses in private networks. */
        PRIVATE,
        /** Whoever develops on this machine. */
        LOOPBACK,
        /** Nobody. */
        FORBIDDEN
    }

    /** Addresses that begin alike. */
    private static final class Network {
        private final byte[] prefix;
        private final int bits;
        private final Kind kind;

        /** @param bits of the prefix that count */
        private Network(byte[] prefix, int bits, Kind kind) {
            this.prefix = prefix;
            this.bits = bits;
            this.kind = kind;
        }

        static Network of(String hex, int bits, Kind kind) {
            return new Network(HexFormat.of().parseHex(hex), bits, kind);
        }

        static Network of(int a, int b, int c, int d, int bits, Kind kind) {
            return new Network(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, bits, kind);
        }

        Kind kind() {
            return kind;
        }

        boolean has(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (prefix[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The first that holds an address counts. */
    private static final List<Network> VERSION_4 = List.of(
            Network.of(100, 100, 100, 200, 32, Kind.FORBIDDEN), // metadata of Alibaba's cloud
            Network.of(168, 63, 129, 16, 32, Kind.FORBIDDEN), // of Azure
            Network.of(0, 0, 0, 0, 8, Kind.FORBIDDEN),
            Network.of(127, 0, 0, 0, 8, Kind.LOOPBACK),
            Network.of(10, 0, 0, 0, 8, Kind.PRIVATE),
            Network.of(172, 16, 0, 0, 12, Kind.PRIVATE),
            Network.of(192, 168, 0, 0, 16, Kind.PRIVATE),
            Network.of(100, 64, 0, 0, 10, Kind.PRIVATE), // shared by a provider's customers (RFC 6598)
            Network.of(169, 254, 0, 0, 16, Kind.FORBIDDEN), // link-local, and metadata of most clouds
            Network.of(192, 0, 0, 0, 24, Kind.FORBIDDEN), // protocol assignments, metadata of Oracle's cloud among them
            Network.of(192, 0, 2, 0, 24, Kind.FORBIDDEN), // documentation
            Network.of(198, 51, 100, 0, 24, Kind.FORBIDDEN),
            Network.of(203, 0, 113, 0, 24, Kind.FORBIDDEN),
            Network.of(192, 88, 99, 0, 24, Kind.FORBIDDEN), // relays of 6to4
            Network.of(198, 18, 0, 0, 15, Kind.FORBIDDEN), // benchmarks
            Network.of(224, 0, 0, 0, 3, Kind.FORBIDDEN)); // multicast, reserved, broadcast

    private static final List<Network> VERSION_6 = List.of(
            Network.of("00000000000000000000000000000001", 128, Kind.LOOPBACK),
            Network.of("fd000ec2", 32, Kind.FORBIDDEN), // metadata of Amazon's cloud
            Network.of("fd2000ce000000000000000000000254", 128, Kind.FORBIDDEN), // of Google's
            Network.of("fc00", 7, Kind.PRIVATE), // unique local (RFC 4193)
            Network.of("20010db8", 32, Kind.FORBIDDEN), // documentation
            Network.of("20010000", 23, Kind.FORBIDDEN), // protocol assignments, Teredo among them
            Network.of("2002", 16, Kind.FORBIDDEN), // 6to4: an IPv4 address in disguise
            Network.of("3fff00", 20, Kind.FORBIDDEN), // documentation
            Network.of("2000", 3, Kind.PUBLIC)); // all that is given out; everything else has a special purpose

    /** An IPv4 address behind it: mapped (RFC 4291 §2.5.5.2), and of translators (RFC 6052 §2.1). */
    private static final List<Network> WRAPPED = List.of(
            Network.of("00000000000000000000ffff", 96, Kind.PUBLIC),
            Network.of("0064ff9b0000000000000000", 96, Kind.PUBLIC));

    private AddressRules() {}

    /** The IPv4 address behind another one; the same where there is none. */
    static InetAddress unwrapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet6Address) || WRAPPED.stream().noneMatch(each -> each.has(bytes))) {
            return address;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // four bytes are an address
        }
    }

    static Kind of(InetAddress address) {
        InetAddress plain = unwrapped(address);
        byte[] bytes = plain.getAddress();
        if (!(plain instanceof Inet6Address)) {
            return first(VERSION_4, bytes);
        }
        return VERSION_6.stream()
                .filter(each -> each.has(bytes))
                .findFirst()
                .map(Network::kind)
                .orElse(Kind.FORBIDDEN);
    }

    private static Kind first(List<Network> networks, byte[] bytes) {
        return networks.stream()
                .filter(each -> each.has(bytes))
                .findFirst()
                .map(Network::kind)
                .orElse(Kind.PUBLIC);
    }
}
