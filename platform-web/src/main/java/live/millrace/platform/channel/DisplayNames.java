// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import com.ibm.icu.text.SpoofChecker;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What people may be called. */
public final class DisplayNames {
    public static final int MAX_LENGTH = 30;

    /** Controls, formats (zero-width, bidirectional overrides), private and unassigned characters. */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{C}\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2800\\u3164\\uFFA0\\uFFFC]+");

    private static final Pattern SPACE = Pattern.compile("[\\p{Z}\\s]+");
    /** What changes how the character before it looks, and is nothing without one. */
    private static final Pattern HANGING = Pattern.compile("^[\\p{M}\\uFE0E\\uFE0F]+");

    /** No letter of Latin, Greek or Cyrillic that has no letter of its own for its accent: a line or a dot through a name. */
    private static final Pattern LOOSE_MARKS = Pattern.compile("(?<=[\\p{IsLatin}\\p{IsGreek}\\p{IsCyrillic}])\\p{M}+");

    private static final Pattern MARKS = Pattern.compile("(\\p{M}{2})\\p{M}+");

    private static final SpoofChecker CONFUSABLE =
            new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();

    private DisplayNames() {}

    /** As it is shown: compatibility forms folded, nothing invisible, single spaces. */
    public static String normalize(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC);
        String visible = INVISIBLE.matcher(folded).replaceAll("");
        String flat = SPACE.matcher(visible).replaceAll(" ").strip();
        return MARKS.matcher(HANGING.matcher(flat).replaceAll("").strip()).replaceAll("$1");
    }

    /** How many characters a person would count. */
    public static int length(String normalized) {
        return normalized.codePointCount(0, normalized.length());
    }

    /** What it looks like (Unicode Technical Standard 39 §4): two names with one skeleton could be taken for each other. */
    public static String skeleton(String normalized) {
        String bare = LOOSE_MARKS.matcher(normalized).replaceAll("");
        String letters = SPACE.matcher(bare.toLowerCase(Locale.ROOT)).replaceAll("");
        return CONFUSABLE.getSkeleton(letters).toLowerCase(Locale.ROOT);
    }
}
