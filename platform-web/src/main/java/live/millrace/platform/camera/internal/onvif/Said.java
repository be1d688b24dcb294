// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.util.Locale;

/** What devices say for people. */
final class Said {
    /** Characters of a name. */
    static final int MOST = 64;

    private Said() {}

    /** Without what cannot be seen or turns around what stands beside it, and not longer than a line. */
    static String clean(String said) {
        StringBuilder clean = new StringBuilder();
        said.strip()
                .codePoints()
                .filter(each -> switch (Character.getType(each)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                })
                .limit(MOST)
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }

    /** A codec as the site writes it; empty for one that it does not know. */
    static String codec(String encoding) {
        return switch (encoding.toUpperCase(Locale.ROOT)) {
            case "H264" -> "H.264";
            case "H265" -> "H.265";
            case "JPEG" -> "MJPEG";
            case "MPEG4" -> "MPEG-4";
            default -> "";
        };
    }

    /** A size as people write it; empty where it is none. */
    static String resolution(String width, String height) {
        return width.matches("[1-9][0-9]{0,4}") && height.matches("[1-9][0-9]{0,4}") ? width + " × " + height : "";
    }
}
