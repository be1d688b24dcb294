// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import live.millrace.platform.shared.WellFormed;

/**
 * Text as words to search by. What is written with spaces is cut at them; Chinese, Japanese and Korean, which are not, become pairs
 * of neighbouring characters.
 */
public final class SearchWords {
    private static final int MAX_WORDS = 200;
    private static final int MAX_QUERY = 80;
    private static final Pattern RUN = Pattern.compile(
            "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}]+|[\\p{L}\\p{N}&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}]]+");

    private SearchWords() {}

    public static String fold(String text) {
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{Mn}+", "");
        return Normalizer.normalize(decomposed, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    /** The words that a text is found by; of a run without spaces every single character and every pair. */
    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        Matcher runs = RUN.matcher(fold(text));
        while (runs.find() && words.size() < MAX_WORDS) {
            String run = runs.group();
            if (spaceless(run)) {
                int[] points = run.codePoints().toArray();
                for (int i = 0; i < points.length; i++) {
                    words.add(Character.toString(points[i]));
                    if (i + 1 < points.length) {
                        words.add(new String(points, i, 2));
                    }
                }
            } else {
                words.add(WellFormed.cut(run, 40));
            }
        }
        return words;
    }

    private static boolean spaceless(String run) {
        Character.UnicodeScript script = Character.UnicodeScript.of(run.codePointAt(0));
        return script == Character.UnicodeScript.HAN
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA
                || script == Character.UnicodeScript.HANGUL;
    }

    /**
     * A query in PostgreSQL's tsquery form: all words, the beginning of a word is enough. Empty when there is nothing to look for.
     */
    static String query(String typed) {
        Set<String> words = new LinkedHashSet<>();
        Matcher runs = RUN.matcher(fold(WellFormed.cut(typed, MAX_QUERY)));
        while (runs.find()) {
            String run = runs.group();
            int[] points = run.codePoints().toArray();
            if (!spaceless(run) || points.length == 1) {
                words.add(run);
            } else {
                for (int i = 0; i + 1 < points.length; i++) {
                    words.add(new String(points, i, 2));
                }
            }
        }
        // Letters and digits alone: nothing to escape.
        return words.stream().map(word -> "'" + word + "':*").collect(Collectors.joining(" & "));
    }
}
