// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import java.util.EnumMap;
import java.util.Map;
import live.millrace.media.endpoint.srt.SrtTallies.Packet;
import live.millrace.media.protocol.srt.SrtStatistics;
import live.millrace.media.tally.Tally;

/** Adds what one conversation saw to the sums of all. Confined to its event loop. */
final class SrtCounts {
    private final Tally<Packet> sums;
    private final Map<Packet, Long> counted = new EnumMap<>(Packet.class);

    SrtCounts(Tally<Packet> sums) {
        this.sums = sums;
    }

    /** Adds what is new since the last time. */
    void take(SrtStatistics now) {
        add(Packet.RECEIVED, now.received());
        add(Packet.LOST, now.lost());
        add(Packet.RETRANSMITTED, now.retransmitted());
        add(Packet.DROPPED, now.dropped());
        add(Packet.UNDECRYPTED, now.undecrypted());
        add(Packet.SENT, now.sent());
        add(Packet.RESENT, now.resent());
    }

    private void add(Packet kind, long total) {
        Long before = counted.put(kind, total);
        sums.add(kind, total - (before == null ? 0 : before));
    }
}
