// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The bodies of feedback messages, from the sender's SSRC on (RFC 4585 §6.1). */
final class FeedbackWriter {
    private static final int NUMBERS_OF_ITEM = 17;
    private static final int MAX_ITEMS = 256;

    private static final int ABSENT = 0;
    private static final int SMALL = 1;
    private static final int LARGE = 2;
    private static final int MAX_SMALL = 255;
    private static final int SYMBOLS_OF_VECTOR = 7;
    private static final int MAX_RUN = 0x1FFF;

    private FeedbackWriter() {}

    /** Items of a number and a mask of the sixteen behind it. */
    static RtcpPacket.Nack nack(ByteBuf body) {
        int ssrc = body.readInt();
        int mediaSsrc = body.readInt();
        List<Integer> numbers = new ArrayList<>();
        for (int items = 0; body.isReadable() && items < MAX_ITEMS; items++) {
            int first = body.readUnsignedShort();
            int mask = body.readUnsignedShort();
            numbers.add(first);
            for (int i = 0; i < NUMBERS_OF_ITEM - 1; i++) {
                if ((mask >> i & 1) == 1) {
                    numbers.add((first + 1 + i) & 0xFFFF);
                }
            }
        }
        return new RtcpPacket.Nack(ssrc, mediaSsrc, numbers);
    }

    static void write(RtcpPacket.Nack nack, ByteBuf out) {
        out.writeInt(nack.ssrc()).writeInt(nack.mediaSsrc());
        List<Integer> numbers = nack.sequenceNumbers();
        int at = 0;
        while (at < numbers.size()) {
            int first = numbers.get(at++);
            int mask = 0;
            while (at < numbers.size()) {
                int behind = (numbers.get(at) - first) & 0xFFFF;
                if (behind == 0 || behind >= NUMBERS_OF_ITEM) {
                    break;
                }
                mask |= 1 << (behind - 1);
                at++;
            }
            out.writeShort(first).writeShort(mask);
        }
    }

    /** Status of each packet in chunks of 16 bits, then how much later each came than the one before. */
    static void write(RtcpPacket.TransportFeedback feedback, ByteBuf out) {
        int start = out.writerIndex();
        List<Long> arrivals = feedback.arrivals();
        long first = arrivals.stream()
                .mapToLong(Long::longValue)
                .filter(each -> each >= 0)
                .findFirst()
                .orElse(0);
        long reference = first / TransportArrivals.REFERENCE_TICKS;
        int[] symbols = new int[arrivals.size()];
        long before = reference * TransportArrivals.REFERENCE_TICKS;
        for (int i = 0; i < symbols.length; i++) {
            long arrival = arrivals.get(i);
            if (arrival >= 0) {
                long delta = arrival - before;
                symbols[i] = delta >= 0 && delta <= MAX_SMALL ? SMALL : LARGE;
                before = arrival;
            }
        }
        out.writeInt(feedback.ssrc()).writeInt(feedback.mediaSsrc());
        out.writeShort(feedback.base()).writeShort(symbols.length);
        out.writeMedium((int) (reference & 0xFF_FFFF)).writeByte(feedback.number());
        chunks(symbols, out);
        before = reference * TransportArrivals.REFERENCE_TICKS;
        for (int i = 0; i < symbols.length; i++) {
            if (symbols[i] != ABSENT) {
                int delta = (int) (arrivals.get(i) - before);
                before = arrivals.get(i);
                if (symbols[i] == SMALL) {
                    out.writeByte(delta);
                } else {
                    out.writeShort(delta);
                }
            }
        }
        out.writeZero(-(out.writerIndex() - start) & 3);
    }

    private static void chunks(int[] symbols, ByteBuf out) {
        int at = 0;
        while (at < symbols.length) {
            int run = 1;
            while (at + run < symbols.length && run < MAX_RUN && symbols[at + run] == symbols[at]) {
                run++;
            }
            if (run >= SYMBOLS_OF_VECTOR) {
                out.writeShort(symbols[at] << 13 | run);
                at += run;
                continue;
            }
            int chunk = 0xC000; // a vector of two bits each
            for (int i = 0; i < SYMBOLS_OF_VECTOR && at < symbols.length; i++) {
                chunk |= symbols[at++] << (12 - 2 * i);
            }
            out.writeShort(chunk);
        }
    }
}
