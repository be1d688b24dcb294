// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What WebRTC counts from its start on, for metrics.
 *
 * @param connections what became of peers
 * @param received bytes, of whatever kind
 * @param sent the same
 * @param packets what became of packets that are not plain media in their order
 */
public record WebrtcTallies(Tally<Connection> connections, LongAdder received, LongAdder sent, Tally<Packet> packets) {
    /** What became of a peer. */
    public enum Connection {
        /** Its offer was answered. */
        ANSWERED,
        /** Its handshake is complete. */
        ESTABLISHED,
        /** None of its checks came: UDP is blocked on the way, or it was told an address that does not lead here. */
        NO_CHECKS,
        /** It was found, and agreed upon no keys. */
        NO_HANDSHAKE,
        /** It was there, and its checks stopped. */
        SILENT
    }

    /** What became of a packet. */
    public enum Packet {
        /** It did not come, or too late. */
        LOST,
        /** It came because it was asked for. */
        RETRANSMITTED,
        /** It is none of what it looked like. */
        MALFORMED,
        /** It came from an address that proved nothing, or proved nothing itself. */
        FOREIGN,
        /** It did not go out: the kernel took no more. */
        UNSENT,
        /** It went out once more: a viewer asked for it. */
        REPEATED,
        /** It was left out: its viewer's line does not hold what is sent, or the viewer waits for a picture to begin with. */
        SKIPPED
    }

    static WebrtcTallies fresh() {
        return new WebrtcTallies(
                new Tally<>(Connection.class), new LongAdder(), new LongAdder(), new Tally<>(Packet.class));
    }
}
