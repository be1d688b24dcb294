// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What somebody typed, made harmless: one message, nothing that turns the text around, no towers of accents. */
public final class MessageText {
    public static final int MAX_GRAPHEMES = 300;

    /** A grapheme can be a dozen characters; a bound on what is counted at all. */
    public static final int MAX_CHARS = 4_000;

    /**
     * What nobody sees: halves of characters, zero-width characters and bidirectional controls. Joiners stay, because emoji are
     * made with them.
     */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{Cs}\\u061C\\u200B\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF]+");

    /** Message separators and other controls, each as good as a space. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private static final Pattern SPACES = Pattern.compile("[\\p{Z}\\s]+");
    private static final Pattern TOWERS = Pattern.compile("(\\p{M}{8})\\p{M}+");
    /**
     * Something to be seen: no filler of an alphabet, no empty pattern of Braille, and more than what hangs on to a character that is
     * not there.
     */
    private static final Pattern VISIBLE = Pattern.compile(
            "[^\\p{C}\\p{Z}\\p{M}\\s\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2800\\u3164\\uFFA0\\uFFFC]");

    private static final Pattern GRAPHEME = Pattern.compile("\\X");

    private MessageText() {}

    public static String clean(String typed) {
        String composed = Normalizer.normalize(
                CONTROLS.matcher(INVISIBLE.matcher(typed).replaceAll("")).replaceAll(" "), Normalizer.Form.NFC);
        String flat = SPACES.matcher(composed).replaceAll(" ").strip();
        return VISIBLE.matcher(flat).find() ? TOWERS.matcher(flat).replaceAll("$1") : "";
    }

    /** Characters as a person counts them. */
    public static int graphemes(String text) {
        Matcher matcher = GRAPHEME.matcher(text);
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }
}
