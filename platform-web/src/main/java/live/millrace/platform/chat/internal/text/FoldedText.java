// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.Transliterator;
import java.util.regex.Pattern;

/**
 * What a text says to a reader who squints: one form for all widths, capitals, accents, invisible characters, look-alike letters
 * (Unicode Technical Standard 39 §4) and both scripts of Chinese. Two texts that fold to the same read the same. Linear in length.
 */
public final class FoldedText {
    private static final Normalizer2 NFKC_CASEFOLD = Normalizer2.getNFKCCasefoldInstance();
    private static final Normalizer2 NFD = Normalizer2.getNFDInstance();
    private static final SpoofChecker LOOKS = new SpoofChecker.Builder().build();
    private static final Transliterator SIMPLIFIED = Transliterator.getInstance("Traditional-Simplified");

    /** Digits and signs that stand for letters. The small l, the capital i and the one are told apart by nobody. */
    private static final String STANDS = "013457@$|i";

    private static final String FOR = "oleastasll";

    /** What is put between the characters of a Chinese word to hide it. */
    private static final Pattern BETWEEN_HAN = Pattern.compile("(?<=\\p{IsHan})[\\s.·*_~-]+(?=\\p{IsHan})");

    /** Inside a word it is an i; at its end it is what it is. */
    private static final Pattern EXCLAIMED = Pattern.compile("!(?=\\p{L})");

    private FoldedText() {}

    public static String of(String text) {
        String folded = NFKC_CASEFOLD.normalize(text);
        String simple = holdsHan(folded) ? SIMPLIFIED.transliterate(folded) : folded;
        // Twice: a look-alike may have been a capital.
        String looks = NFKC_CASEFOLD.normalize(LOOKS.getSkeleton(simple));
        String parts = NFD.normalize(looks);
        StringBuilder plain = new StringBuilder(parts.length());
        parts.codePoints().forEach(point -> {
            int stands = point < 128 ? STANDS.indexOf(point) : -1;
            if (stands >= 0) {
                plain.append(FOR.charAt(stands));
            } else if (point == 'ı') {
                plain.append('l');
            } else if (!invisible(point)) {
                plain.appendCodePoint(point);
            }
        });
        String lone = EXCLAIMED.matcher(plain).replaceAll("l");
        return holdsHan(lone) ? BETWEEN_HAN.matcher(lone).replaceAll("") : lone;
    }

    private static boolean holdsHan(String text) {
        return text.codePoints().anyMatch(Character::isIdeographic);
    }

    private static boolean invisible(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || type == Character.CONTROL
                || UCharacter.hasBinaryProperty(point, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
    }
}
