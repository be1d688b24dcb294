// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import org.jspecify.annotations.Nullable;

/** AAC in LATM with LOAS around it (ISO/IEC 14496-3 §1.7.2, §1.7.3): one program of one layer, as broadcasters use it. */
final class LatmStream extends SoundStream {
    private static final int SYNC = 0x56E0;
    private static final int SYNC_BITS = 0xFFE0;
    private static final int HEADER = 3;
    private static final int ESCAPE = 15;
    private static final int RUN = 255;
    private static final int SPECTRAL_BAND_REPLICATION = 5;
    private static final int PARAMETRIC_STEREO = 29;

    private byte[] muxConfig = {};
    private Aac.@Nullable Format format;
    private int frames;
    private boolean otherData;
    private long otherDataBits;

    LatmStream(Units units) {
        super(units);
    }

    @Override
    int length(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (bytes.readableBytes() < 2) {
            return bytes.getByte(at) == (byte) (SYNC >> 8) ? MORE : NO_FRAME;
        }
        if ((bytes.getUnsignedShort(at) & SYNC_BITS) != SYNC) {
            return NO_FRAME;
        }
        return bytes.readableBytes() < HEADER ? MORE : HEADER + (bytes.getUnsignedShort(at + 1) & 0x1FFF);
    }

    /** §1.7.3.1: AudioMuxElement(1). Payloads stand at any bit. */
    @Override
    void frame(ByteBuf bytes, int length) {
        byte[] element = new byte[length - HEADER];
        bytes.getBytes(bytes.readerIndex() + HEADER, element);
        boolean inPacket = inPacket(bytes, bytes.readerIndex()) >= 0;
        BitReader in = new BitReader(element);
        if (!in.flag()) { // useSameStreamMux
            streamMuxConfig(element, in);
        }
        Aac.Format now = format;
        if (now == null) {
            return; // its configuration comes with a later one
        }
        for (int i = 0; i < frames; i++) {
            int size = 0;
            int run;
            do {
                run = (int) in.bits(8);
                size += run;
            } while (run == RUN);
            if (size > in.remaining() / 8 || size > AudioSpecificConfig.MAX_ADTS_PAYLOAD) {
                throw new MalformedMediaException("an AAC frame of " + size + " bytes");
            }
            ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer(Math.max(size, 1));
            try {
                for (int at = 0; at < size; at++) {
                    payload.writeByte((int) in.bits(8));
                }
                if (size > 0) {
                    sound(now, inPacket, payload);
                }
            } finally {
                payload.release();
            }
        }
        if (otherData) {
            in.skip((int) Math.min(otherDataBits, in.remaining()));
        }
    }

    private void streamMuxConfig(byte[] element, BitReader in) {
        int from = 8 * element.length - in.remaining();
        boolean version = in.flag();
        if (version && in.flag()) {
            throw new UnsupportedMediaException("LATM of an unknown version");
        }
        if (version) {
            value(in); // taraBufferFullness
        }
        boolean sameFraming = in.flag();
        frames = (int) in.bits(6) + 1; // numSubFrames
        long programs = in.bits(4);
        long layers = in.bits(3);
        if (!sameFraming || programs != 0 || layers != 0) {
            throw new UnsupportedMediaException("LATM of several programs");
        }
        long said = version ? value(in) : -1;
        int at = 8 * element.length - in.remaining();
        int bits = audioSpecificConfig(in);
        if (said > in.remaining() + (long) bits) {
            throw new MalformedMediaException("LATM configuration cut short");
        }
        if (said > bits) {
            in.skip((int) said - bits);
        }
        if (in.bits(3) != 0) { // frameLengthType
            throw new UnsupportedMediaException("LATM of fixed frame lengths");
        }
        in.skip(8); // latmBufferFullness
        otherData = in.flag();
        otherDataBits = 0;
        if (otherData) {
            if (version) {
                otherDataBits = value(in);
            } else {
                boolean more;
                do {
                    more = in.flag();
                    otherDataBits = (otherDataBits << 8 | in.bits(8)) & 0xFFFF_FFFFL;
                } while (more);
            }
        }
        if (in.flag()) { // crcCheckPresent
            in.skip(8);
        }
        byte[] config = cut(element, from, 8 * element.length - in.remaining() - from);
        if (format == null || !Arrays.equals(config, muxConfig)) {
            format = Aac.CODEC.configuration(Unpooled.wrappedBuffer(cut(element, at, bits)));
            muxConfig = config;
        }
    }

    /** LatmGetValue(): one byte to four. */
    private static long value(BitReader in) {
        return in.bits(8 * ((int) in.bits(2) + 1));
    }

    /** Measures it: what follows speaks of the multiplex, or of extensions that decoders find themselves. */
    private static int audioSpecificConfig(BitReader in) {
        int before = in.remaining();
        long type = in.bits(5);
        in.skip(in.bits(4) == ESCAPE ? 24 : 0);
        if (in.bits(4) == 0) {
            throw new UnsupportedMediaException("AAC with its channels inside");
        }
        if (type == SPECTRAL_BAND_REPLICATION || type == PARAMETRIC_STEREO) {
            in.skip(in.bits(4) == ESCAPE ? 24 : 0);
            in.skip(5);
        }
        in.skip(1); // frameLengthFlag
        if (in.flag()) { // dependsOnCoreCoder
            in.skip(14);
        }
        in.skip(1); // extensionFlag
        return before - in.remaining();
    }

    private static byte[] cut(byte[] bytes, int from, int bits) {
        BitReader in = new BitReader(bytes);
        in.skip(from);
        byte[] out = new byte[(bits + 7) / 8];
        for (int i = 0; i < out.length; i++) {
            int count = Math.min(8, bits - 8 * i);
            out[i] = (byte) (in.bits(count) << (8 - count));
        }
        return out;
    }
}
