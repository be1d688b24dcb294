// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/**
 * RTP packets behind lengths of two bytes (RFC 4571). Cameras lose bytes in their own buffers and go on in the middle of a packet: then the
 * next one is found by its source. One instance for each connection; not thread-safe.
 */
final class RtpFraming {
    private static final int LENGTH = 2;
    private static final int HEADER = 12;
    private static final int SOURCE = 8;
    private static final int REPORT_SOURCE = 4;
    private static final int VERSION = 2;

    /** So much is searched for the source that was there; then another will do. */
    private static final int MAX_SEARCH = 1 << 20;

    /** On the heap, so that there is nothing to give back. */
    private final ByteBuf held = Unpooled.buffer(4 << 10);

    private boolean known;
    private int source;
    private int sequence;
    private int searched;

    /** Takes bytes to the end of the buffer, and hands over whole packets, which are borrowed. */
    void take(ByteBuf in, Consumer<ByteBuf> packets) {
        held.writeBytes(in);
        while (held.readableBytes() >= LENGTH + HEADER) {
            int at = held.readerIndex();
            int length = held.getUnsignedShort(at);
            if (!plausible(at + LENGTH, length)) {
                held.skipBytes(1);
                if (++searched > MAX_SEARCH) {
                    searched = 0;
                    known = false;
                }
                continue;
            }
            if (held.readableBytes() < LENGTH + length) {
                break;
            }
            searched = 0;
            if (!isReport(at + LENGTH)) {
                known = true;
                source = held.getInt(at + LENGTH + SOURCE);
                sequence = held.getUnsignedShort(at + LENGTH + 2);
            }
            held.skipBytes(LENGTH);
            packets.accept(held.readSlice(length));
        }
        held.discardReadBytes();
    }

    /** Payload types of RTCP (RFC 5761 §4), whatever came first. */
    private boolean isReport(int at) {
        return RtpReception.isReport(held.getUnsignedByte(at + 1));
    }

    private boolean plausible(int at, int length) {
        if (held.getUnsignedByte(at) >> 6 != VERSION) {
            return false;
        }
        if (isReport(at)) {
            return length >= SOURCE && (!known || held.getInt(at + REPORT_SOURCE) == source);
        }
        boolean next = held.getUnsignedShort(at + 2) == (sequence + 1 & 0xFFFF);
        return length >= HEADER && (!known || held.getInt(at + SOURCE) == source || (next && searched == 0));
    }
}
