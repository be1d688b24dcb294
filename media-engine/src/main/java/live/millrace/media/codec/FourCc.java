// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Four characters that name a codec or a box (ISO/IEC 14496-12 §4.2, Enhanced RTMP v2).
 *
 * @param bits the characters, the first in the highest byte
 */
public record FourCc(int bits) {
    private static final int LENGTH = 4;

    /**
     * By its text.
     *
     * @throws IllegalArgumentException if it does not have four characters of printable ASCII
     */
    public static FourCc of(String text) {
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            bits = (bits << 8) | (text.charAt(i) & 0xFF);
        }
        FourCc fourCc = new FourCc(bits);
        if (text.length() != LENGTH || !text.equals(fourCc.text())) {
            throw new IllegalArgumentException("no FourCC: " + text);
        }
        return fourCc;
    }

    /** Reads four bytes, whatever they are. */
    public static FourCc read(ByteBuf in) {
        return new FourCc(in.readInt());
    }

    public void write(ByteBuf out) {
        out.writeInt(bits);
    }

    /** Its characters; {@code unknown} when they are not printable ASCII, since it comes from outside and goes to logs. */
    public String text() {
        byte[] characters = {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
        for (byte character : characters) {
            if (character < 0x20 || character == 0x7F) {
                return "unknown";
            }
        }
        return new String(characters, StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return text();
    }
}
