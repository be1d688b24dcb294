// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;

/** Frames of one track, all of one format, to payloads. Used on one thread. */
public interface Packetizer {
    /** Takes payloads in the order in which they are to be sent. */
    interface Payloads {
        /**
         * Begins a packet.
         *
         * @param size bytes of its payload, at most {@link #largest}, which the caller writes before it begins the next
         * @param marker what it says is the payload format's
         * @param timeOffset how far its time lies behind the frame's, in units of the media clock
         * @return where the payload goes; borrowed
         */
        ByteBuf packet(int size, boolean marker, int timeOffset);

        /** The largest payload. */
        int largest();
    }

    /** What a session description says of the payloads. */
    PayloadFormat format(int payloadType);

    /** Writes the packets of a frame, which is borrowed. */
    void packetize(MediaFrame frame, Payloads out);
}
