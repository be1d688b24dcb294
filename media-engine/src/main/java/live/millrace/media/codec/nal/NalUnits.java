// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.nal;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import live.millrace.media.codec.MalformedMediaException;

/** NAL units that stand behind their length (ISO/IEC 14496-15 §5.3.2). */
public final class NalUnits {
    /** What separates NAL units in the framing of Annex B. */
    public static final int START_CODE = 0x0000_0001;

    /** Both codecs allow a NAL unit for each row of blocks and more; beyond this it is an attack on our loops. */
    public static final int MAX_IN_ACCESS_UNIT = 4_096;

    private NalUnits() {}

    /**
     * The length of the NAL unit whose length field stands at an index.
     *
     * @throws MalformedMediaException if it points past the end of the access unit
     */
    public static int length(ByteBuf in, int at, int lengthSize) {
        int rest = in.writerIndex() - at - lengthSize;
        if (rest < 0) {
            throw new MalformedMediaException("NAL unit length cut short");
        }
        long length = switch (lengthSize) {
            case 1 -> in.getUnsignedByte(at);
            case 2 -> in.getUnsignedShort(at);
            default -> in.getUnsignedInt(at);
        };
        if (length > rest) {
            throw new MalformedMediaException("NAL unit longer than its access unit");
        }
        return (int) length;
    }

    /** The raw bytes of a NAL unit: 00 00 03 stands for 00 00 (H.264 §7.3.1, H.265 §7.3.1.1). */
    public static byte[] withoutEmulationPrevention(byte[] nalUnit) {
        byte[] out = new byte[nalUnit.length];
        int length = 0;
        int zeros = 0;
        for (byte b : nalUnit) {
            if (zeros >= 2 && b == 3) {
                zeros = 0;
                continue;
            }
            zeros = b == 0 ? zeros + 1 : 0;
            out[length++] = b;
        }
        return Arrays.copyOf(out, length);
    }
}
