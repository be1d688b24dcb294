// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.elementary.ElementaryStream;
import live.millrace.media.codec.elementary.PesHeader;
import live.millrace.media.time.MpegTime;

/** PES packets of one PID out of the payloads of its packets (ISO/IEC 13818-1 §2.4.3.6), passed on as they come. */
final class PesReader {
    private static final int CONTINUITY = 15;
    private static final int NO_COUNTER = -1;

    private final TsProgram.Stream said;
    private final ElementaryStream stream;
    private final MpegTime clock;

    /** The head of a packet that came in part. */
    private final ByteBuf head = Unpooled.buffer(PesHeader.MAX);

    private boolean inHead;
    private boolean inPayload;

    /** Bytes the packet still has; {@link PesHeader#UNBOUNDED} for those that do not say. */
    private int left;

    /** The packet's bytes so far. */
    private int taken;

    private int counter = NO_COUNTER;
    private final byte[] last = new byte[TsPacketWriter.PACKET];
    private boolean repeated;

    /** The last packet was filled up, as the last one of a PES packet is. */
    private boolean filledUp;

    /**
     * Of a stream.
     *
     * @param stream released with {@link #end}
     * @param clock of the program
     */
    PesReader(TsProgram.Stream said, ElementaryStream stream, MpegTime clock) {
        this.said = said;
        this.stream = stream;
        this.clock = clock;
    }

    int pid() {
        return said.pid();
    }

    /** What the program map says of it. */
    TsProgram.Stream said() {
        return said;
    }

    boolean video() {
        return stream.video();
    }

    /** What became of a packet's counter. */
    enum Continuity {
        CONTINUES,
        /** The same packet once more (§2.4.3.3). */
        DUPLICATE,
        /** Some are missing before it. */
        GAP
    }

    /**
     * Follows the counter of packets that have a payload.
     *
     * @param discontinuity the packet says that it need not follow
     */
    Continuity follow(ByteBuf packet, int at, int newCounter, boolean discontinuity) {
        int before = counter;
        if (before == newCounter && !discontinuity && !repeated && same(packet, at)) {
            repeated = true;
            return Continuity.DUPLICATE;
        }
        counter = newCounter;
        repeated = false;
        packet.getBytes(at, last);
        return before == NO_COUNTER || discontinuity || newCounter == ((before + 1) & CONTINUITY)
                ? Continuity.CONTINUES
                : Continuity.GAP;
    }

    /** But for the clock reference, which may be another, so that the ends are compared. */
    private boolean same(ByteBuf packet, int at) {
        for (int i = TsPacketWriter.PACKET - 1; i >= TsPacketWriter.PACKET / 2; i--) {
            if (packet.getByte(at + i) != last[i]) {
                return false;
            }
        }
        return true;
    }

    /** Packets are missing here. */
    void lost() {
        inHead = false;
        inPayload = false;
        head.clear();
        stream.lost();
    }

    /**
     * Takes the payload of a packet.
     *
     * @param filled it has stuffing, as the last packet of a PES packet has
     */
    void payload(boolean unitStart, boolean filled, ByteBuf payload) {
        filledUp = filled;
        if (unitStart) {
            inPayload = false;
            inHead = true;
            head.clear();
        }
        if (inHead) {
            header(payload);
        }
        if (inPayload && payload.isReadable()) {
            pass(payload);
        }
    }

    private void header(ByteBuf payload) {
        while (true) {
            int needed = PesHeader.needed(head);
            if (needed == PesHeader.BROKEN) {
                lost();
                return;
            }
            int missing = needed - head.readableBytes();
            if (missing <= 0) {
                break;
            }
            if (!payload.isReadable()) {
                return;
            }
            head.writeBytes(payload, Math.min(missing, payload.readableBytes()));
        }
        PesHeader read = PesHeader.parse(head);
        inHead = false;
        inPayload = true;
        left = read.payload();
        taken = 0;
        long decode = read.timed() ? clock.unwrap(read.decode()) : ElementaryStream.NO_TIME;
        long presentation = read.timed() ? clock.unwrap(read.presentation()) : ElementaryStream.NO_TIME;
        stream.begin(presentation, decode);
    }

    private void pass(ByteBuf payload) {
        ByteBuf mine =
                left == PesHeader.UNBOUNDED || payload.readableBytes() < left ? payload : payload.readSlice(left);
        int bytes = mine.readableBytes();
        taken += bytes;
        if (taken > ElementaryStream.MAX_UNIT) {
            lost(); // a packet without an end
            return;
        }
        stream.bytes(mine);
        if (left != PesHeader.UNBOUNDED) {
            left -= bytes;
            if (left == 0) {
                inPayload = false;
                stream.end();
            }
        }
    }

    /** Nothing comes for the moment. */
    void flush() {
        if (filledUp && !inHead) {
            stream.flush();
        }
    }

    /** Nothing comes any more: hands over what is whole, and gives back the rest. */
    void end() {
        stream.finish();
    }
}
