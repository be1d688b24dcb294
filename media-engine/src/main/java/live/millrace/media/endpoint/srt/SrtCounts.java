// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import live.millrace.media.endpoint.srt.SrtTallies.Packet;
import live.millrace.media.protocol.srt.SrtStatistics;
import live.millrace.media.tally.Tally;

/** Adds what one conversation saw to the sums of all, and tells how its line is. Confined to its event loop. */
final class SrtCounts {
    private final Tally<Packet> sums;
    private final SrtLinks links;
    private final Map<Packet, Long> counted = new EnumMap<>(Packet.class);

    SrtCounts(Tally<Packet> sums, SrtLinks links) {
        this.sums = sums;
        this.links = links;
    }

    /**
     * Adds what is new since the last time.
     *
     * @param bufferedMillis media that waits for what is missing; empty of one who plays
     */
    void take(SrtStatistics now, OptionalLong bufferedMillis) {
        links.seen(
                this,
                now.measured() ? OptionalLong.of(now.roundTrip()) : OptionalLong.empty(),
                bufferedMillis.isPresent()
                        ? OptionalLong.of(bufferedMillis.getAsLong() * 1_000)
                        : OptionalLong.empty());
        add(now);
    }

    /** The same for the last time. */
    void end(SrtStatistics last) {
        add(last);
        links.gone(this);
    }

    private void add(SrtStatistics now) {
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
