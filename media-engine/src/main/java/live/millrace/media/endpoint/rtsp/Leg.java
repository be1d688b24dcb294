// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import java.net.InetSocketAddress;
import live.millrace.media.protocol.rtsp.TransportHeader;

/** What SETUP agreed upon: the way of one track's packets. */
sealed interface Leg {
    /** Between the messages of the connection, on a pair of channels. */
    record Interleaved(TransportHeader.Pair channels) implements Leg {}

    /** By UDP, from and to a pair of ports of the host that the connection is with. */
    record Datagrams(InetSocketAddress rtp, InetSocketAddress rtcp) implements Leg {}
}
