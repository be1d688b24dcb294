// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code as one path of an SVG, so that the picture is there without a script.
 *
 * @param size of its side, with the quiet zone that the standard wants (ISO/IEC 18004, 9.1)
 * @param path its dark modules
 */
public record QrPath(int size, String path) {
    private static final int QUIET = 4;

    static QrPath of(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M')
                            .append(x + QUIET)
                            .append(' ')
                            .append(y + QUIET)
                            .append("h1v1h-1z");
                }
            }
        }
        return new QrPath(code.size + 2 * QUIET, path.toString());
    }
}
