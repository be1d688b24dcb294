// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** A network: its first address and how many of the leading bits belong to it. One address is a network of itself. */
public record AddressRange(InetAddress first, int prefix) {
    /** Loopback, private, link-local, shared and local addresses: whole houses come from one of them, or a proxy does. */
    private static final List<AddressRange> PRIVATE = List.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "::/127",
                    "fc00::/7",
                    "fe80::/10")
            .stream()
            .map(text -> parse(text).orElseThrow())
            .toList();

    /** Reads an address or a network in the notation of RFC 4632; bits after the prefix are cleared. Looks up no name. */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        // Java also takes short forms, in which 1.2.3 is 1.2.0.3: nobody means that.
        if (literal.indexOf(':') < 0
                && literal.chars().filter(sign -> sign == '.').count() != 3) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            int bits = address.getAddress().length * 8;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            return prefix < 0 || prefix > bits
                    ? Optional.empty()
                    : Optional.of(new AddressRange(masked(address, prefix), prefix));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        int bits = bytes.length * 8;
        BigInteger mask =
                BigInteger.ONE.shiftLeft(prefix).subtract(BigInteger.ONE).shiftLeft(bits - prefix);
        byte[] cleared = new BigInteger(1, bytes).and(mask).toByteArray();
        byte[] sized = new byte[bytes.length];
        int length = Math.min(cleared.length, sized.length);
        System.arraycopy(cleared, cleared.length - length, sized, sized.length - length, length);
        try {
            return InetAddress.getByAddress(sized);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The network around it of so many bits: of IPv4, or of IPv6. */
    public Optional<AddressRange> within(int bitsV4, int bitsV6) {
        int bits = v4() ? bitsV4 : bitsV6;
        return bits > prefix ? Optional.empty() : Optional.of(new AddressRange(masked(first, bits), bits));
    }

    public boolean v4() {
        return first instanceof Inet4Address;
    }

    /** Whether all of another network lies in this one. */
    public boolean contains(AddressRange other) {
        return v4() == other.v4()
                && other.prefix >= prefix
                && masked(other.first, prefix).equals(first);
    }

    /** Whether any of its addresses is of this machine or of a private network. */
    public boolean touchesPrivate() {
        return PRIVATE.stream().anyMatch(range -> range.contains(this) || contains(range));
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + prefix;
    }
}
