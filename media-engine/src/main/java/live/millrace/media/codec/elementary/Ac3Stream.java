// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.ac3.Ac3;
import live.millrace.media.codec.ac3.Ac3SyncFrame;

/**
 * AC-3 and Enhanced AC-3 (ETSI TS 102 366). Of the latter, frames that depend on one before them (annex E §1.3.1.1) stay with it, so that it
 * is handed over when the next one, or the packet's end, is there.
 */
final class Ac3Stream extends SoundStream {
    private static final int SYNC = 0x0B77;

    /** As much as is needed to measure a frame. */
    private static final int HEAD = 8;

    /** Frames say themselves how many channels they have. */
    private static final int UNSAID = 2;

    /** No PES packet has room for more. */
    private static final int MAX_TOGETHER = 61_440;

    /** Eight programs of eight substreams (annex E §1.3.1); each time all of them are looked at. */
    private static final int MAX_SUBSTREAMS = 64;

    private boolean ending;

    Ac3Stream(Units units) {
        super(units);
    }

    @Override
    int length(ByteBuf bytes) {
        int start = bytes.readerIndex();
        int total = one(bytes, start);
        if (total <= 0 || bytes.readableBytes() < total || !Ac3SyncFrame.enhanced(bytes)) {
            return total;
        }
        int substreams = 1;
        while (bytes.readableBytes() > total) {
            int next = one(bytes, start + total);
            if (next == MORE) {
                break;
            }
            if (next == NO_FRAME || !dependent(bytes, start + total)) {
                return total;
            }
            if (bytes.readableBytes() < total + next) {
                break;
            }
            total += next;
            if (total > MAX_TOGETHER || ++substreams > MAX_SUBSTREAMS) {
                throw new MalformedMediaException("Enhanced AC-3 of too many substreams");
            }
        }
        return ending ? total : MORE;
    }

    private static int one(ByteBuf bytes, int at) {
        int there = bytes.writerIndex() - at;
        if (there < 2) {
            return bytes.getByte(at) == SYNC >> 8 ? MORE : NO_FRAME;
        }
        if (bytes.getUnsignedShort(at) != SYNC) {
            return NO_FRAME;
        }
        if (there < HEAD) {
            return MORE;
        }
        try {
            return Ac3SyncFrame.length(bytes.slice(at, there));
        } catch (MalformedMediaException e) {
            return NO_FRAME;
        }
    }

    /** strmtyp 1, or another substream than the first. */
    private static boolean dependent(ByteBuf bytes, int at) {
        int third = bytes.getUnsignedByte(at + 2);
        return Ac3SyncFrame.enhanced(bytes.slice(at, HEAD)) && (third >> 6 == 1 || (third & 0x38) != 0);
    }

    @Override
    void frame(ByteBuf bytes, int length) {
        int at = bytes.readerIndex();
        sound(Ac3.AC3.format(bytes.slice(at, length), UNSAID), bytes, at, at, length);
    }

    @Override
    void ended() {
        ByteBuf rest = pending();
        if (rest != null) {
            ending = true;
            try {
                read(rest);
            } finally {
                ending = false;
            }
        }
    }
}
