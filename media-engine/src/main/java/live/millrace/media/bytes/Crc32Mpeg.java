// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bytes;

import io.netty.buffer.ByteBuf;

/** CRC-32/MPEG-2 (ISO/IEC 13818-1 annex A): polynomial 0x04C11DB7, not reflected, no final inversion. */
public final class Crc32Mpeg {
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int crc = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
            }
            TABLE[i] = crc;
        }
    }

    private Crc32Mpeg() {}

    /** The checksum of {@code length} bytes from {@code index}. */
    public static int of(ByteBuf buffer, int index, int length) {
        int crc = -1;
        for (int i = index; i < index + length; i++) {
            crc = (crc << 8) ^ TABLE[((crc >>> 24) ^ buffer.getByte(i)) & 0xFF];
        }
        return crc;
    }
}
