// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What SRT counts from its start on, for metrics.
 *
 * @param handshakes what became of those who wanted a connection
 * @param packets of data
 * @param received bytes of datagrams
 */
public record SrtTallies(Tally<Handshake> handshakes, Tally<Packet> packets, LongAdder received) {
    /** What became of one who wanted a connection. */
    public enum Handshake {
        /** It has one. */
        ACCEPTED,
        /** It was refused, for what it asked for or with which key. */
        REFUSED,
        /** Its passphrase is another, or only one side has one. */
        BAD_SECRET,
        /** Not looked at: no cookie of ours, or an old one. */
        BAD_COOKIE,
        /** Not looked at: its address has too many, or comes too often. */
        TOO_MANY,
        /** It cannot be read. */
        MALFORMED
    }

    /** What became of a packet of data. */
    public enum Packet {
        /** It came, once or again. */
        RECEIVED,
        /** It was missing when others behind it came. */
        LOST,
        /** It came because it was asked for. */
        RETRANSMITTED,
        /** Nobody waits for it any more. */
        DROPPED,
        /** Its key is not here. */
        UNDECRYPTED,
        /** It was sent. */
        SENT,
        /** It was sent again. */
        RESENT
    }

    static SrtTallies fresh() {
        return new SrtTallies(new Tally<>(Handshake.class), new Tally<>(Packet.class), new LongAdder());
    }
}
