// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;

/** AAC in LATM (RFC 6416) whose configuration stands in the description: {@code cpresent=0}. */
final class LatmDepacketizer extends AudioDepacketizer {
    /** Before the AudioSpecificConfig in a StreamMuxConfig of version 0 (ISO/IEC 14496-3 §1.7.3.1). */
    private static final int MUX_HEADER_BITS = 15;

    private static final int ESCAPE = 15;
    private static final int SPECTRAL_BAND_REPLICATION = 5;
    private static final int PARAMETRIC_STEREO = 29;

    /** frameLengthFlag, dependsOnCoreCoder, extensionFlag. */
    private static final int SPECIFIC_BITS = 3;

    private static final int RUN = 255;

    private final Aac.Format format;
    private final int frames;

    /** @throws UnsupportedMediaException if the configuration comes in band, is broken, or what is not carried */
    LatmDepacketizer(int trackId, PayloadFormat described, FrameSink sink) {
        super(trackId, described.clockRate(), sink);
        if (described.number("cpresent", 1) != 0) {
            throw new UnsupportedMediaException("LATM with its configuration in band");
        }
        try {
            byte[] config =
                    ByteBufUtil.decodeHexDump(described.parameter("config").orElse(""));
            BitReader in = new BitReader(config);
            boolean version = in.flag();
            boolean sameFraming = in.flag();
            frames = (int) in.bits(6) + 1; // numSubFrames
            long programs = in.bits(4);
            long layers = in.bits(3);
            if (version || !sameFraming || programs != 0 || layers != 0) {
                throw new UnsupportedMediaException("LATM of several programs");
            }
            format = Aac.CODEC.configuration(Unpooled.wrappedBuffer(audioSpecificConfig(config)));
        } catch (MalformedMediaException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UnsupportedMediaException("LATM with a broken config");
        }
    }

    /** Cuts it out at its exact length: what follows it speaks of the multiplex. */
    private static byte[] audioSpecificConfig(byte[] muxConfig) {
        BitReader measured = new BitReader(muxConfig);
        measured.skip(MUX_HEADER_BITS);
        int before = measured.remaining();
        long type = measured.bits(5);
        measured.skip(measured.bits(4) == ESCAPE ? 24 : 0);
        if (measured.bits(4) == 0) {
            throw new UnsupportedMediaException("LATM with a program configuration");
        }
        if (type == SPECTRAL_BAND_REPLICATION || type == PARAMETRIC_STEREO) {
            measured.skip(measured.bits(4) == ESCAPE ? 24 : 0);
            measured.skip(5);
        }
        measured.skip(SPECIFIC_BITS);
        int length = before - measured.remaining();
        BitReader in = new BitReader(muxConfig);
        in.skip(MUX_HEADER_BITS);
        byte[] config = new byte[(length + 7) / 8];
        for (int i = 0; i < config.length; i++) {
            int bits = Math.min(8, length - 8 * i);
            config[i] = (byte) (in.bits(bits) << (8 - bits));
        }
        return config;
    }

    /** §1.7.3.2: each frame behind its length in runs of 255; one that is longer than a packet ends with the marker. */
    @Override
    void read(RtpPacket packet, long time) {
        if (!packet.marker() || inPart()) {
            ByteBuf whole = continued(packet.payload());
            if (whole.readableBytes() > AudioSpecificConfig.MAX_ADTS_PAYLOAD * frames * 2) {
                throw new MalformedMediaException("an AAC frame of " + whole.readableBytes() + " bytes");
            }
            if (!packet.marker()) {
                return;
            }
            try {
                multiplexed(time, whole);
            } finally {
                lost();
            }
            return;
        }
        multiplexed(time, packet.payload().slice());
    }

    private void multiplexed(long time, ByteBuf in) {
        for (int i = 0; i < frames && in.isReadable(); i++) {
            int length = 0;
            int run;
            do {
                run = in.readUnsignedByte();
                length += run;
            } while (run == RUN);
            ByteBuf raw = in.readSlice(length);
            Aac.CODEC.check(raw);
            if (length > 0) {
                sound(format, time, (long) i * format.samplesPerFrame(), raw);
            }
        }
    }
}
