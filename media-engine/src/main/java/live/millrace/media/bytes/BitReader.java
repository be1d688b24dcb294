// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bytes;

/**
 * Reads bits, most significant first, with the Exp-Golomb codes of H.264 §9.1. Reading past the end throws
 * {@link IndexOutOfBoundsException}; parsers turn that into their own "cut short".
 */
public final class BitReader {
    /** A code of more leading zeros does not fit 32 bits and is malformed. */
    private static final int MAX_LEADING_ZEROS = 31;

    private final byte[] bytes;
    private int position;

    public BitReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** One bit. */
    public boolean flag() {
        return bits(1) == 1;
    }

    /** The next {@code count} bits, 0 to 32, as an unsigned number. */
    public long bits(int count) {
        if (position + count > bytes.length * 8) {
            throw new IndexOutOfBoundsException("bits cut short");
        }
        long value = 0;
        for (int i = 0; i < count; i++, position++) {
            value = (value << 1) | ((bytes[position >> 3] >> (7 - (position & 7))) & 1);
        }
        return value;
    }

    public void skip(int count) {
        if (position + count > bytes.length * 8) {
            throw new IndexOutOfBoundsException("bits cut short");
        }
        position += count;
    }

    public int remaining() {
        return bytes.length * 8 - position;
    }

    /** ue(v) */
    public long unsignedExpGolomb() {
        int zeros = 0;
        while (!flag()) {
            if (++zeros > MAX_LEADING_ZEROS) {
                throw new IndexOutOfBoundsException("Exp-Golomb code too long");
            }
        }
        return (1L << zeros) - 1 + bits(zeros);
    }

    /** se(v) */
    public long signedExpGolomb() {
        long code = unsignedExpGolomb();
        return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
    }
}
