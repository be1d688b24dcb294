// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import io.netty.buffer.ByteBuf;

/** A format as transport streams carry it (ISO/IEC 13818-1). Immutable. */
public interface TransportCoding {
    /** One of its codec's {@link CodecEntry#streamTypes}. */
    StreamType streamType();

    /** Writes the descriptors of the program map that stand behind the registration: most have none. */
    default void writeDescriptors(ByteBuf out) {}

    /**
     * Writes an access unit in the form that stands in a PES packet.
     *
     * @param accessUnit as a frame carries it; read without moving the index
     * @param randomAccessPoint a decoder may start here, and wants its parameter sets
     */
    void writeAccessUnit(ByteBuf accessUnit, boolean randomAccessPoint, ByteBuf out);
}
