// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Finds transport packets in bytes that come in any cuts: 188 bytes, or those with 4 more of a recorder's clock (192) or 16 of a broadcaster's
 * check bytes (204). Three sync bytes in their places lock it, five in a row that are missing unlock it.
 */
final class TsPacketReader {
    /** Takes packets. */
    interface Packets {
        /**
         * Takes a packet.
         *
         * @param bytes borrowed; the index is not to be moved
         * @param at where its sync byte stands
         */
        void packet(ByteBuf bytes, int at);

        /** Bytes were thrown away, because there are no packets in them. */
        void noPackets();
    }

    private static final int PACKET = TsPacketWriter.PACKET;
    private static final byte SYNC = 0x47;
    private static final int[] STRIDES = {188, 192, 204};
    private static final int LOCKS_AFTER = 3;
    private static final int UNLOCKS_AFTER = 5;

    /** So much without a lock is told as one thing that is broken. */
    private static final int TOLD_AFTER = 16 << 10;

    private final Packets packets;

    /** What waits for the rest of its packet, or for the lock. A heap buffer, so that there is nothing to give back. */
    private final ByteBuf held = Unpooled.buffer(1 << 10);

    /** From one sync byte to the next; 0 while there is no lock. */
    private int stride;

    /** Bytes to pass over before the next sync byte. */
    private int skip;

    private int misses;
    private int rubbish;

    TsPacketReader(Packets packets) {
        this.packets = packets;
    }

    boolean isLocked() {
        return stride > 0;
    }

    /** Takes bytes to the end of the buffer, which is borrowed. */
    void take(ByteBuf in) {
        while (in.isReadable()) {
            if (stride == 0) {
                lock(in);
            } else if (held.isReadable()) {
                held.writeBytes(in, Math.min(in.readableBytes(), PACKET - held.readableBytes()));
                if (held.readableBytes() == PACKET) {
                    one(held);
                    held.clear();
                }
            } else if (skip > 0) {
                int skipped = Math.min(skip, in.readableBytes());
                in.skipBytes(skipped);
                skip -= skipped;
            } else if (in.readableBytes() >= PACKET) {
                one(in);
            } else {
                held.writeBytes(in);
            }
        }
    }

    private void one(ByteBuf bytes) {
        int at = bytes.readerIndex();
        skip = stride - PACKET;
        if (bytes.getByte(at) == SYNC) {
            misses = 0;
            bytes.skipBytes(PACKET);
            packets.packet(bytes, at);
            return;
        }
        bytes.skipBytes(PACKET);
        if (++misses >= UNLOCKS_AFTER) {
            stride = 0;
            skip = 0;
            misses = 0;
            packets.noPackets();
        }
    }

    /** Looks for sync bytes in their places. */
    private void lock(ByteBuf in) {
        int room = (LOCKS_AFTER - 1) * STRIDES[STRIDES.length - 1] + 1;
        held.discardReadBytes();
        held.writeBytes(in, Math.min(in.readableBytes(), 4 * room));
        while (held.isReadable()) {
            int at = held.indexOf(held.readerIndex(), held.writerIndex(), SYNC);
            if (at < 0) {
                drop(held.readableBytes());
                return;
            }
            drop(at - held.readerIndex());
            for (int each : STRIDES) {
                if (held.readableBytes() > (LOCKS_AFTER - 1) * each && inPlace(at, each)) {
                    stride = each;
                    rubbish = 0;
                    locked();
                    return;
                }
            }
            if (held.readableBytes() < room) {
                return; // it may still be one of the longer ones
            }
            drop(1);
        }
    }

    private boolean inPlace(int at, int each) {
        for (int i = 1; i < LOCKS_AFTER; i++) {
            if (held.getByte(at + i * each) != SYNC) {
                return false;
            }
        }
        return true;
    }

    /** What was held meanwhile are packets. */
    private void locked() {
        ByteBuf found = Unpooled.copiedBuffer(held);
        held.clear();
        take(found);
    }

    private void drop(int bytes) {
        held.skipBytes(bytes);
        rubbish += bytes;
        if (rubbish > TOLD_AFTER) {
            rubbish = 0;
            packets.noPackets();
        }
    }
}
