// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What RTMP counts from its start on, for metrics.
 *
 * @param connections what became of sockets
 * @param received bytes
 */
public record RtmpTallies(Tally<Connection> connections, LongAdder received) {
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
        /** Closed: it did not say in time what it wants. */
        TIMED_OUT,
        /** Closed: it broke the protocol or a limit. */
        PROTOCOL_ERROR,
        /** Closed: it does not read what it asked for. */
        NOT_READING,
        /** Closed after an error of ours. */
        FAILED
    }

    static RtmpTallies fresh() {
        return new RtmpTallies(new Tally<>(Connection.class), new LongAdder());
    }
}
