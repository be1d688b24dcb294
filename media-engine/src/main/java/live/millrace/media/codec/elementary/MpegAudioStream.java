// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.codec.mp3.Mp3FrameHeader;

/** MPEG audio (ISO/IEC 11172-3, 13818-3), of which layer III is carried. */
final class MpegAudioStream extends SoundStream {
    private static final int SYNC = 0xFFE0;
    private static final int LAYER_III = 1;

    /** Frames say themselves how many channels they have. */
    private static final int UNSAID = 2;

    MpegAudioStream(Units units) {
        super(units);
    }

    @Override
    int length(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (bytes.readableBytes() < 2) {
            return bytes.getByte(at) == (byte) 0xFF ? MORE : NO_FRAME;
        }
        int head = bytes.getUnsignedShort(at);
        int layer = head >> 1 & 3;
        if ((head & SYNC) != SYNC || layer == 0) {
            return NO_FRAME;
        }
        if (layer != LAYER_III) {
            throw new UnsupportedMediaException("MPEG audio layer " + (layer == 2 ? "II" : "I"));
        }
        if (bytes.readableBytes() < Mp3FrameHeader.LENGTH) {
            return MORE;
        }
        try {
            return Mp3FrameHeader.parse(bytes, at).frameLength();
        } catch (MalformedMediaException e) {
            return NO_FRAME;
        }
    }

    @Override
    void frame(ByteBuf bytes, int length) {
        sound(Mp3.CODEC.format(bytes, UNSAID), bytes, bytes.readerIndex(), bytes.readerIndex(), length);
    }
}
