// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The host of an address, read strictly: each has one notation. What other programs would read as numbers in octal, in hexadecimal, or
 * without all four parts, is refused and not guessed at.
 *
 * @param text in ASCII and small letters, without the dot at the end; an IPv6 address without its brackets
 * @param literal the address, if it is one
 */
record HostName(String text, Optional<InetAddress> literal) {
    private static final int LONGEST = 253;
    private static final Pattern LABELS =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

    /** Browsers take a name whose last label is a number for an address (WHATWG URL, "ends in a number"). */
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");

    private static final Pattern FOUR_NUMBERS = Pattern.compile(
            "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])");

    /**
     * The host of an address.
     *
     * @throws ForbiddenAddressException if it has none, or none that is written as it should be
     */
    static HostName of(URI uri) {
        return of(authority(uri).host());
    }

    /** The port of an address; −1 when it says none. */
    static int port(URI uri) {
        String text = authority(uri).port();
        if (text.isEmpty()) {
            return -1;
        }
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535 || Integer.parseInt(text) == 0) {
            throw new ForbiddenAddressException("a port that is none");
        }
        return Integer.parseInt(text);
    }

    private record Authority(String host, String port) {}

    private static Authority authority(URI uri) {
        String text = uri.getRawAuthority();
        if (text == null) {
            throw new ForbiddenAddressException("an address without a host");
        }
        String place = text.substring(text.lastIndexOf('@') + 1);
        int colon = place.indexOf(':', Math.max(0, place.lastIndexOf(']')));
        return colon < 0
                ? new Authority(place, "")
                : new Authority(place.substring(0, colon), place.substring(colon + 1));
    }

    /**
     * Reads a host.
     *
     * @param host as it stands in an address
     */
    static HostName of(String host) {
        if (host.startsWith("[")) {
            return version6(host);
        }
        String ascii;
        try {
            // Full-width digits and dots become digits and dots here.
            ascii = IDN.toASCII(host).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new ForbiddenAddressException("a host that no name can be");
        }
        String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (name.length() > LONGEST || !LABELS.matcher(name).matches()) {
            throw new ForbiddenAddressException("a host that no name can be");
        }
        if (!ENDS_IN_NUMBER.matcher(name).matches()) {
            return new HostName(name, Optional.empty());
        }
        if (!FOUR_NUMBERS.matcher(name).matches()) {
            throw new ForbiddenAddressException("an IPv4 address that is not four decimal numbers");
        }
        return new HostName(name, Optional.of(address(NetUtil.createByteArrayFromIpAddressString(name))));
    }

    /** RFC 3986 §3.2.2; a zone (RFC 6874) would be one of ours, and is none of a stranger's. */
    private static HostName version6(String host) {
        String inside = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
        if (inside.indexOf('%') >= 0 || !NetUtil.isValidIpV6Address(inside)) {
            throw new ForbiddenAddressException("an IPv6 address that is none");
        }
        return new HostName(inside, Optional.of(address(NetUtil.createByteArrayFromIpAddressString(inside))));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new ForbiddenAddressException("an address of no length that there is");
        }
    }
}
