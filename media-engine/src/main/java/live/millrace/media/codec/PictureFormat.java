// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

/**
 * How samples of pictures are laid out, as far as it decides which decoders take them.
 *
 * @param bitDepth of a sample, the larger of luma's and chroma's
 * @param interlaced pictures may be pairs of fields
 */
public record PictureFormat(int bitDepth, Chroma chroma, boolean interlaced) {
    /** How often colour is sampled, in the numbers of {@code chroma_format_idc} (H.264 table 6-1). */
    public enum Chroma {
        MONOCHROME("4:0:0", 0),
        HALF("4:2:0", 1),
        HALF_ACROSS("4:2:2", 2),
        FULL("4:4:4", 3);

        private final String displayName;
        private final int formatIdc;

        Chroma(String displayName, int formatIdc) {
            this.displayName = displayName;
            this.formatIdc = formatIdc;
        }

        /** {@code chroma_format_idc}. */
        public int formatIdc() {
            return formatIdc;
        }

        /** The name people know it by. */
        public String displayName() {
            return displayName;
        }

        /** By {@code chroma_format_idc}. */
        public static Chroma of(long formatIdc) {
            if (formatIdc < 0 || formatIdc > 3) {
                throw new MalformedMediaException("chroma format " + formatIdc);
            }
            return formatIdc == 0 ? MONOCHROME : formatIdc == 1 ? HALF : formatIdc == 2 ? HALF_ACROSS : FULL;
        }

        /** By which directions have half the samples. */
        public static Chroma of(boolean halfAcross, boolean halfDown) {
            return halfDown ? HALF : halfAcross ? HALF_ACROSS : FULL;
        }
    }

    /** What every decoder takes. */
    public static final PictureFormat USUAL = new PictureFormat(8, Chroma.HALF, false);

    /** No codec has more. */
    private static final int MOST_BITS = 16;

    /** From the fields of a parameter set, each less eight. */
    public static int bitDepth(long lumaLessEight, long chromaLessEight) {
        return (int) Math.min(MOST_BITS, 8 + Math.max(lumaLessEight, chromaLessEight));
    }
}
