// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture.internal;

/**
 * Counts the scans of a JPEG file (ITU-T T.81 §B.2) without decoding any. Each makes a decoder walk over the whole picture, and a
 * progressive file may hold as many as it likes: of 64 bytes each, a small file could keep a processor busy for hours.
 */
final class JpegScans {
    private static final int MARKER = 0xff;
    private static final int STUFFED = 0x00;
    private static final int TEMPORARY = 0x01;
    private static final int FIRST_RESTART = 0xd0;
    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;

    private JpegScans() {}

    /** As forgiving as decoders are: whatever stands between two markers is passed over, and a wrong length ends nothing. */
    static int count(byte[] file) {
        int scans = 0;
        int at = 0;
        while (at + 1 < file.length) {
            int marker = file[at + 1] & 0xff;
            if ((file[at] & 0xff) != MARKER || marker == MARKER || marker == STUFFED) {
                at++;
            } else if (marker == END_OF_IMAGE) {
                return scans;
            } else if (marker == TEMPORARY || (marker >= FIRST_RESTART && marker <= START_OF_IMAGE)) {
                at += 2;
            } else {
                if (marker == START_OF_SCAN) {
                    scans++;
                }
                at += 2 + length(file, at + 2);
            }
        }
        return scans;
    }

    /** Of a segment, with the two bytes that say it. */
    private static int length(byte[] file, int at) {
        return at + 1 < file.length ? Math.max(2, ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff)) : 2;
    }
}
