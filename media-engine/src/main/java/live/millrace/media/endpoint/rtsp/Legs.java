// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.Optional;
import live.millrace.media.protocol.rtsp.RtspProtocolException;
import live.millrace.media.protocol.rtsp.TransportHeader;
import org.jspecify.annotations.Nullable;

/**
 * The ways of one session's tracks (RFC 2326 §12.39). Packets by UDP go to the host that the connection is with and come from there, whatever a
 * client says of a destination: nobody is sent what he did not ask for. Confined to the channel's event loop.
 */
final class Legs {
    private static final int LAST_PAIR = 254;

    private final InetAddress peer;
    private final @Nullable DatagramPorts datagrams;
    private final BitSet taken = new BitSet();

    /** @param datagrams null where media goes over TCP alone */
    Legs(InetAddress peer, @Nullable DatagramPorts datagrams) {
        this.peer = peer;
        this.datagrams = datagrams;
    }

    /**
     * Takes the first way that a client offers and that can be gone.
     *
     * @param rtp takes what comes by UDP
     * @param rtcp takes the reports that do
     * @return empty when there is none: 461
     * @throws RtspProtocolException if the offer says nonsense
     */
    Optional<Leg> agree(String offer, DatagramPorts.Receiver rtp, DatagramPorts.Receiver rtcp) {
        for (TransportHeader each : TransportHeader.parse(offer)) {
            Optional<Leg> leg = switch (each.lower()) {
                case TCP -> interleaved(each.interleaved());
                case UDP -> each.multicast() ? Optional.empty() : datagrams(each, rtp, rtcp);
            };
            if (leg.isPresent()) {
                return leg;
            }
        }
        return Optional.empty();
    }

    /** The channels that the client asks for; the next free pair where they are somebody's, or no pair. */
    private Optional<Leg> interleaved(Optional<TransportHeader.Pair> wanted) {
        int first = wanted.filter(pair -> pair.rtp() % 2 == 0 && pair.rtcp() == pair.rtp() + 1)
                .map(TransportHeader.Pair::rtp)
                .filter(rtp -> !taken.get(rtp))
                .orElseGet(this::free);
        if (first > LAST_PAIR) {
            return Optional.empty();
        }
        taken.set(first);
        return Optional.of(new Leg.Interleaved(new TransportHeader.Pair(first, first + 1)));
    }

    private int free() {
        int rtp = 0;
        while (taken.get(rtp)) {
            rtp += 2;
        }
        return rtp;
    }

    private Optional<Leg> datagrams(TransportHeader offered, DatagramPorts.Receiver rtp, DatagramPorts.Receiver rtcp) {
        DatagramPorts ports = datagrams;
        if (ports == null || offered.clientPorts().isEmpty()) {
            return Optional.empty();
        }
        TransportHeader.Pair pair = offered.clientPorts().get();
        if (pair.rtp() == 0 || pair.rtcp() == 0 || pair.rtp() == pair.rtcp()) {
            return Optional.empty();
        }
        InetSocketAddress media = new InetSocketAddress(peer, pair.rtp());
        InetSocketAddress reports = new InetSocketAddress(peer, pair.rtcp());
        // What is another session's stays its own: a neighbour behind the same router might mean harm.
        if (!ports.take(media, false, rtp)) {
            return Optional.empty();
        }
        if (!ports.take(reports, true, rtcp)) {
            ports.leave(media, false, rtp);
            return Optional.empty();
        }
        return Optional.of(new Leg.Datagrams(media, reports));
    }

    /** Gives a way back. */
    void leave(Leg leg, DatagramPorts.Receiver rtp, DatagramPorts.Receiver rtcp) {
        switch (leg) {
            case Leg.Interleaved(TransportHeader.Pair channels) -> taken.clear(channels.rtp());
            case Leg.Datagrams(InetSocketAddress media, InetSocketAddress reports) -> {
                if (datagrams != null) {
                    datagrams.leave(media, false, rtp);
                    datagrams.leave(reports, true, rtcp);
                }
            }
        }
    }

    /** What SETUP answers. */
    String answer(Leg leg, boolean record) {
        return switch (leg) {
            case Leg.Interleaved(TransportHeader.Pair channels) ->
                TransportHeader.tcp(channels, record).write();
            case Leg.Datagrams(InetSocketAddress media, InetSocketAddress reports) -> {
                TransportHeader header =
                        TransportHeader.udp(new TransportHeader.Pair(media.getPort(), reports.getPort()), record);
                yield datagrams == null
                        ? header.write()
                        : header.servedFrom(datagrams.ports()).write();
            }
        };
    }
}
