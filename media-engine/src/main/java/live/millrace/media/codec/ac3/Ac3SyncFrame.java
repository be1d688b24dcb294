// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.ac3;

import io.netty.buffer.ByteBuf;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;

/**
 * The head of a synchronisation frame (ETSI TS 102 366 §4.3, annex E §1.2).
 *
 * @param enhanced Enhanced AC-3
 * @param rateCode {@code fscod}
 * @param bitStreamId {@code bsid}
 * @param bitStreamMode {@code bsmod}; 0 for Enhanced AC-3
 * @param channelMode {@code acmod}
 * @param lowFrequency {@code lfeon}
 * @param sizeCode the bit rate's code: {@code frmsizecod} / 2; for Enhanced AC-3 the data rate in kb/s
 * @param samples of this frame
 */
public record Ac3SyncFrame(
        boolean enhanced,
        int rateCode,
        int sampleRate,
        int bitStreamId,
        int bitStreamMode,
        int channelMode,
        boolean lowFrequency,
        int sizeCode,
        int samples) {
    private static final int SYNC_WORD = 0x0B77;
    private static final int BYTES = 8;
    private static final int SAMPLES_PER_BLOCK = 256;
    private static final int BLOCKS = 6;
    private static final int[] RATES = {48_000, 44_100, 32_000};
    private static final int[] CHANNELS = {2, 1, 2, 3, 3, 4, 4, 5};
    private static final int FIRST_ENHANCED = 11;

    /** Table 4.13: kb/s of each pair of {@code frmsizecod}. */
    private static final int[] KBPS = {
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640
    };

    /**
     * Reads the head at the reader index, without moving it.
     *
     * @throws MalformedMediaException if there is none
     */
    public static Ac3SyncFrame parse(ByteBuf frame) {
        if (frame.readableBytes() < BYTES || frame.getUnsignedShort(frame.readerIndex()) != SYNC_WORD) {
            throw new MalformedMediaException("no AC-3 synchronisation frame");
        }
        byte[] head = new byte[BYTES];
        frame.getBytes(frame.readerIndex(), head);
        int id = (head[5] & 0xFF) >> 3;
        return id < FIRST_ENHANCED ? plain(new BitReader(head)) : enhanced(new BitReader(head));
    }

    private static Ac3SyncFrame plain(BitReader in) {
        in.skip(32); // syncword, crc1
        int rate = (int) in.bits(2);
        int size = (int) in.bits(6);
        int id = (int) in.bits(5);
        int mode = (int) in.bits(3);
        int channels = (int) in.bits(3);
        if ((channels & 1) != 0 && channels != 1) {
            in.skip(2); // cmixlev
        }
        if ((channels & 4) != 0) {
            in.skip(2); // surmixlev
        }
        if (channels == 2) {
            in.skip(2); // dsurmod
        }
        return new Ac3SyncFrame(
                false, rate, rate(rate), id, mode, channels, in.flag(), size >> 1, BLOCKS * SAMPLES_PER_BLOCK);
    }

    private static Ac3SyncFrame enhanced(BitReader in) {
        in.skip(16 + 5); // syncword, strmtyp, substreamid
        int words = (int) in.bits(11) + 1;
        int rate = (int) in.bits(2);
        int blocksCode = (int) in.bits(2);
        int sampleRate = rate == 3 ? rate(blocksCode) / 2 : rate(rate);
        int blocks = rate == 3 || blocksCode == 3 ? BLOCKS : blocksCode + 1;
        int channels = (int) in.bits(3);
        boolean low = in.flag();
        int id = (int) in.bits(5);
        int samples = blocks * SAMPLES_PER_BLOCK;
        int kbps = (int) ((long) words * 16 * sampleRate / samples / 1_000);
        return new Ac3SyncFrame(true, rate, sampleRate, id, 0, channels, low, kbps, samples);
    }

    /** Whether a frame whose first eight bytes are there is one of Enhanced AC-3. */
    public static boolean enhanced(ByteBuf frame) {
        return frame.getUnsignedByte(frame.readerIndex() + 5) >> 3 >= FIRST_ENHANCED;
    }

    /**
     * The bytes of the frame at the reader index, of which eight are there; the index is not moved.
     *
     * @throws MalformedMediaException if there is none
     */
    public static int length(ByteBuf frame) {
        Ac3SyncFrame head = parse(frame);
        int at = frame.readerIndex();
        if (head.enhanced) {
            return 2 * ((frame.getUnsignedShort(at + 2) & 0x7FF) + 1);
        }
        if (head.sizeCode >= KBPS.length) {
            throw new MalformedMediaException("AC-3 frame size code " + head.sizeCode);
        }
        int words = KBPS[head.sizeCode] * BLOCKS * SAMPLES_PER_BLOCK * 1_000 / 16 / head.sampleRate;
        // At 44.1 kHz frames of two lengths take turns.
        int odd = head.rateCode == 1 ? frame.getUnsignedByte(at + 4) & 1 : 0;
        return 2 * (words + odd);
    }

    private static int rate(int code) {
        if (code >= RATES.length) {
            throw new MalformedMediaException("AC-3 sample rate code " + code);
        }
        return RATES[code];
    }

    public int channels() {
        return CHANNELS[channelMode] + (lowFrequency ? 1 : 0);
    }

    /** The same stream: all but the samples of this one frame. */
    public boolean sameFormat(Ac3SyncFrame other) {
        return enhanced == other.enhanced
                && sampleRate == other.sampleRate
                && channelMode == other.channelMode
                && lowFrequency == other.lowFrequency;
    }
}
