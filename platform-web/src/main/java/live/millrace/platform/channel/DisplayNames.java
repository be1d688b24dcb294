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
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\u115F\\u1160\\u3164\\uFFA0]+");

    private static final Pattern SPACE = Pattern.compile("[\\p{Z}\\s]+");
    private static final Pattern MARKS = Pattern.compile("(\\p{M}{2})\\p{M}+");

    private static final SpoofChecker CONFUSABLE =
            new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();

    private DisplayNames() {}

    /** As it is shown: compatibility forms folded, nothing invisible, single spaces. */
    public static String normalize(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC);
        String visible = INVISIBLE.matcher(folded).replaceAll("");
        return MARKS.matcher(SPACE.matcher(visible).replaceAll(" ").strip()).replaceAll("$1");
    }

    /** How many characters a person would count. */
    public static int length(String normalized) {
        return normalized.codePointCount(0, normalized.length());
    }

    /** What it looks like (Unicode Technical Standard 39 §4): two names with one skeleton could be taken for each other. */
    public static String skeleton(String normalized) {
        String letters = SPACE.matcher(normalized.toLowerCase(Locale.ROOT)).replaceAll("");
        return CONFUSABLE.getSkeleton(letters).toLowerCase(Locale.ROOT);
    }
}
