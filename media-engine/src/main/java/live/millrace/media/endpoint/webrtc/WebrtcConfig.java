// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;

/**
 * Where media of WebRTC comes and goes.
 *
 * @param host the address to bind, {@code 0.0.0.0} for all
 * @param port of UDP, and of TCP where that is blocked; 0 picks free ones
 * @param addresses what peers are told, for a machine that has other addresses than the world knows it by; empty: those that it has
 */
public record WebrtcConfig(String host, int port, List<InetAddress> addresses) {
    public WebrtcConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        addresses = List.copyOf(addresses);
    }

    /**
     * One as settings say it.
     *
     * @throws IllegalArgumentException if one of the addresses is none; names are not asked for, since peers do not either
     */
    public static WebrtcConfig of(String host, int port, List<String> addresses) {
        return new WebrtcConfig(
                host,
                port,
                addresses.stream()
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .map(WebrtcConfig::address)
                        .toList());
    }

    private static InetAddress address(String text) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        if (address == null || address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    "webrtc.addresses has the addresses of this machine, and no \"" + text + "\"");
        }
        return address;
    }

    public static WebrtcConfig defaults() {
        return new WebrtcConfig("0.0.0.0", 8189, List.of());
    }

    /** The same on another address. */
    public WebrtcConfig at(String newHost, int newPort) {
        return new WebrtcConfig(newHost, newPort, addresses);
    }
}
