// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One way to carry a track (RFC 2326 §12.39). Parameters that we do not know are passed over.
 *
 * @param lower over TCP, between messages, or over UDP
 * @param multicast to a group
 * @param interleaved the channel pair, over TCP
 * @param clientPorts where the client takes packets, over UDP
 * @param serverPorts where the server does
 * @param source where the server sends from, if not from where it answers
 * @param ssrc of the packets
 * @param record {@code mode=record}, in whatever case; else the client plays
 */
public record TransportHeader(
        Lower lower,
        boolean multicast,
        Optional<Pair> interleaved,
        Optional<Pair> clientPorts,
        Optional<Pair> serverPorts,
        Optional<String> source,
        OptionalInt ssrc,
        boolean record) {
    /** What RTP goes over. */
    public enum Lower {
        TCP,
        UDP
    }

    /**
     * Two numbers in a row: of RTP, and of its RTCP.
     *
     * @param rtp a channel, 0 to 254, or a port
     */
    public record Pair(int rtp, int rtcp) {
        private String text() {
            return rtp + "-" + rtcp;
        }
    }

    /** A header offers the alternatives that a client knows; more than this are not looked at. */
    private static final int MAX_ALTERNATIVES = 8;

    private static final int LAST_CHANNEL = 255;
    private static final int LAST_PORT = 65_535;

    /** Over TCP on a pair of channels. */
    public static TransportHeader tcp(Pair channels, boolean record) {
        return new TransportHeader(
                Lower.TCP,
                false,
                Optional.of(channels),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                record);
    }

    /** Over UDP to a pair of the client's ports. */
    public static TransportHeader udp(Pair clientPorts, boolean record) {
        return new TransportHeader(
                Lower.UDP,
                false,
                Optional.empty(),
                Optional.of(clientPorts),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                record);
    }

    /** The same with the server's ports, which it answers. */
    public TransportHeader servedFrom(Pair ports) {
        return new TransportHeader(
                lower, multicast, interleaved, clientPorts, Optional.of(ports), source, ssrc, record);
    }

    /**
     * Reads the alternatives of a header in their order, the best first; those that are not RTP are left out.
     *
     * @throws RtspProtocolException if one says nonsense
     */
    public static List<TransportHeader> parse(String header) {
        List<TransportHeader> found = new ArrayList<>();
        String[] alternatives = header.split(",", MAX_ALTERNATIVES + 1);
        for (int i = 0; i < Math.min(alternatives.length, MAX_ALTERNATIVES); i++) {
            TransportHeader each = one(alternatives[i]);
            if (each != null) {
                found.add(each);
            }
        }
        return found;
    }

    private static @Nullable TransportHeader one(String text) {
        String[] parts = text.split(";", -1);
        String protocol = parts[0].strip().toUpperCase(Locale.ROOT);
        if (!protocol.equals("RTP/AVP") && !protocol.equals("RTP/AVP/UDP") && !protocol.equals("RTP/AVP/TCP")) {
            return null;
        }
        boolean multicast = false;
        boolean record = false;
        Optional<Pair> interleaved = Optional.empty();
        Optional<Pair> clientPorts = Optional.empty();
        Optional<Pair> serverPorts = Optional.empty();
        Optional<String> source = Optional.empty();
        OptionalInt ssrc = OptionalInt.empty();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            String value =
                    equals < 0 ? "" : parts[i].substring(equals + 1).strip().replace("\"", "");
            switch (name) {
                case "multicast" -> multicast = true;
                case "mode" -> record = value.equalsIgnoreCase("record") || value.equalsIgnoreCase("receive");
                case "interleaved" -> interleaved = Optional.of(pair(value, LAST_CHANNEL));
                case "client_port" -> clientPorts = Optional.of(pair(value, LAST_PORT));
                case "server_port" -> serverPorts = Optional.of(pair(value, LAST_PORT));
                case "source" -> source = Optional.of(value).filter(each -> !each.isEmpty());
                case "ssrc" -> ssrc = hexadecimal(value);
                default -> {
                    // unicast, destination, layers, ttl: nothing that changes what we do
                }
            }
        }
        Lower lower = protocol.endsWith("TCP") ? Lower.TCP : Lower.UDP;
        return new TransportHeader(lower, multicast, interleaved, clientPorts, serverPorts, source, ssrc, record);
    }

    /** {@code 4588-4589}, or the first alone. */
    private static Pair pair(String text, int largest) {
        int dash = text.indexOf('-');
        int rtp = number(dash < 0 ? text : text.substring(0, dash), largest);
        int rtcp = dash < 0 ? rtp + 1 : number(text.substring(dash + 1), largest);
        if (rtp < 0 || rtcp < 0 || rtcp > largest) {
            throw new RtspProtocolException("a pair of numbers that are none");
        }
        return new Pair(rtp, rtcp);
    }

    private static int number(String text, int largest) {
        try {
            int number = Integer.parseInt(text.strip());
            return number > largest ? -1 : number;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Cameras write it with and without zeros in front, and some in decimal, which then means nothing. */
    private static OptionalInt hexadecimal(String text) {
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(text, 16));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** Writes it. A client that plays says nothing of the mode: some cameras stumble at it. */
    public String write() {
        StringBuilder out = new StringBuilder(lower == Lower.TCP ? "RTP/AVP/TCP" : "RTP/AVP");
        out.append(multicast ? ";multicast" : ";unicast");
        interleaved.ifPresent(pair -> out.append(";interleaved=").append(pair.text()));
        clientPorts.ifPresent(pair -> out.append(";client_port=").append(pair.text()));
        serverPorts.ifPresent(pair -> out.append(";server_port=").append(pair.text()));
        source.ifPresent(address -> out.append(";source=").append(address));
        ssrc.ifPresent(number -> out.append(";ssrc=").append("%08X".formatted(number)));
        if (record) {
            out.append(";mode=record");
        }
        return out.toString();
    }
}
