// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What RTSP counts from its start on, for metrics.
 *
 * @param connections what became of sockets
 * @param received bytes of media
 * @param packets what became of packets that are not plain media in their order
 */
public record RtspTallies(Tally<Connection> connections, LongAdder received, Tally<Packet> packets) {
    /** What became of a socket. */
    public enum Connection {
        /** It was taken in. */
        ACCEPTED,
        /** Turned away: no room for another. */
        FULL,
        /** Turned away: its address has enough of them. */
        TOO_MANY_OF_ADDRESS,
        /** Turned away: its address connects too fast. */
        TOO_FAST,
        /** Closed: it did not say in time what it wants, or that it is still there. */
        TIMED_OUT,
        /** Closed: it broke the protocol or a limit. */
        PROTOCOL_ERROR,
        /** Closed: it does not read what it asked for. */
        NOT_READING,
        /** Closed after an error of ours. */
        FAILED
    }

    /** What became of a packet. */
    public enum Packet {
        /** It did not come, or after those behind it had been waited for long enough. */
        LOST,
        /** It is neither RTP nor RTCP. */
        MALFORMED,
        /** It came by UDP from where nobody said that he sends from. */
        FOREIGN,
        /** It did not go out by UDP: the kernel took no more. */
        UNSENT
    }

    static RtspTallies fresh() {
        return new RtspTallies(new Tally<>(Connection.class), new LongAdder(), new Tally<>(Packet.class));
    }
}
