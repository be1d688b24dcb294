// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import org.jspecify.annotations.Nullable;

/** AAC behind ADTS headers (ISO/IEC 14496-3 §1.A.2.2). */
final class AdtsStream extends SoundStream {
    private static final int SYNC_AND_LAYER = 0xFFF6;
    private static final int SYNC = 0xFFF0;
    private static final int CRC = 2;
    private static final int RATES = 13;

    /** Profile, rate and channels: all of the head that a format is made of. */
    private static final int FORMAT_BITS = 0xFDC0;

    private int known = -1;
    private Aac.@Nullable Format format;

    AdtsStream(Units units) {
        super(units);
    }

    @Override
    int length(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (bytes.readableBytes() < 2) {
            return bytes.getByte(at) == (byte) 0xFF ? MORE : NO_FRAME;
        }
        if ((bytes.getUnsignedShort(at) & SYNC_AND_LAYER) != SYNC) {
            return NO_FRAME;
        }
        if (bytes.readableBytes() < AudioSpecificConfig.ADTS_HEADER) {
            return MORE;
        }
        int length = bytes.getUnsignedMedium(at + 3) >> 5 & 0x1FFF;
        int rate = bytes.getUnsignedByte(at + 2) >> 2 & 15;
        return rate >= RATES || length < header(bytes, at) ? NO_FRAME : length;
    }

    private static int header(ByteBuf bytes, int at) {
        return AudioSpecificConfig.ADTS_HEADER + ((bytes.getUnsignedByte(at + 1) & 1) == 0 ? CRC : 0);
    }

    @Override
    void frame(ByteBuf bytes, int length) {
        int at = bytes.readerIndex();
        int header = header(bytes, at);
        if ((bytes.getUnsignedByte(at + 6) & 3) != 0) {
            throw new UnsupportedMediaException("AAC with several blocks behind a header");
        }
        sound(format(bytes.getUnsignedShort(at + 2)), bytes, at, at + header, length - header);
    }

    private Aac.Format format(int head) {
        int bits = head & FORMAT_BITS;
        Aac.Format now = format;
        if (now == null || bits != known) {
            int channels = bits >> 6 & 7;
            if (channels == 0) {
                throw new UnsupportedMediaException("AAC with its channels inside");
            }
            int type = (bits >> 14) + 1;
            int rate = bits >> 10 & 15;
            now = Aac.CODEC.configuration(Unpooled.buffer(2).writeShort(type << 11 | rate << 7 | channels << 3));
            known = bits;
            format = now;
        }
        return now;
    }
}
