// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.Transliterator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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

    /** Three and more of one letter are drawn out. */
    private static final Pattern DRAWN_OUT = Pattern.compile("(\\p{L})\\1{2,}");

    /** Of one word; beyond, the fourth is read as the first. */
    private static final int MOST_DRAWN_OUT = 3;

    private static final String APART = "[\\s.,·•*_~|/\\\\+'’-]{1,3}";

    /** Letters one by one: {@code f.u.c.k}, {@code f u c k}. */
    private static final Pattern SPELLED =
            Pattern.compile("(?<![\\p{L}\\p{N}])\\p{IsLatin}(?:" + APART + "\\p{IsLatin}(?![\\p{L}\\p{N}])){2,}");

    /** One letter cut off a word: {@code f.uck}, {@code fuc-k}. A space there is between two words. */
    private static final Pattern CUT = Pattern.compile(
            "(?<![\\p{L}\\p{N}])(?:(\\p{IsLatin})[.·•*_~|-](\\p{IsLatin}{2,})|(\\p{IsLatin}{2,})[.·•*_~|-](\\p{IsLatin}))(?![\\p{L}\\p{N}])");

    private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int REGIONAL_A = 0x1F1E6;
    private static final int REGIONAL_Z = 0x1F1FF;

    private FoldedText() {}

    /**
     * All the ways in which a text can be read, folded: as it stands, with drawn out letters once and twice, with letters put together
     * that stand one by one. A word that is found in any of them was said; each is a text of whole words, so that none is found inside
     * a longer one.
     */
    public static Set<String> readings(String text) {
        String plain = flat(NFKC_CASEFOLD.normalize(emblems(text)));
        Set<String> readings = new LinkedHashSet<>();
        readings.add(of(emblems(text)));
        for (String spelled : shortened(plain)) {
            readings.add(of(spelled));
            String together = SPELLED.matcher(spelled)
                    .replaceAll(found -> Matcher.quoteReplacement(
                            NO_LETTER.matcher(found.group()).replaceAll("")));
            readings.add(of(CUT.matcher(together).replaceAll(FoldedText::joined)));
        }
        return readings;
    }

    /** With drawn out letters once or twice, each of a word for itself: {@code aaassss} is {@code as}, {@code ass} and {@code aass}. */
    private static List<String> shortened(String plain) {
        List<Integer> places = new ArrayList<>();
        Matcher drawn = DRAWN_OUT.matcher(plain);
        int end = 0;
        int place = 0;
        int most = 0;
        while (drawn.find()) {
            boolean same = !places.isEmpty()
                    && plain.substring(end, drawn.start()).codePoints().allMatch(Character::isLetterOrDigit);
            place = same ? (place + 1) % MOST_DRAWN_OUT : 0;
            most = Math.max(most, place + 1);
            places.add(place);
            end = drawn.end();
        }
        List<String> shortened = new ArrayList<>();
        for (int twice = 0; twice < 1 << most; twice++) {
            int chosen = twice;
            Iterator<Integer> at = places.iterator();
            shortened.add(DRAWN_OUT
                    .matcher(plain)
                    .replaceAll(found -> found.group(1).repeat((chosen >> at.next() & 1) + 1)));
        }
        return shortened;
    }

    private static String joined(MatchResult found) {
        return found.group(1) != null ? found.group(1) + found.group(2) : found.group(3) + found.group(4);
    }

    /** Nothing invisible and no accent between two letters. */
    private static String flat(String text) {
        StringBuilder flat = new StringBuilder(text.length());
        NFD.normalize(text).codePoints().filter(point -> !invisible(point)).forEach(flat::appendCodePoint);
        return flat.toString();
    }

    /** Letters that are drawn as signs. Two regional ones side by side are a flag, and no letters. */
    private static String emblems(String text) {
        int[] points = text.codePoints().toArray();
        StringBuilder read = new StringBuilder(text.length());
        for (int i = 0; i < points.length; i++) {
            int point = points[i];
            if (regional(point)) {
                int end = i;
                while (end < points.length && regional(points[end])) {
                    end++;
                }
                if (end - i == 2) {
                    read.append(' ');
                } else {
                    for (int at = i; at < end; at++) {
                        read.append((char) ('a' + points[at] - REGIONAL_A));
                    }
                }
                i = end - 1;
            } else if (point >= 0x1F150 && point <= 0x1F169) {
                read.append((char) ('a' + point - 0x1F150));
            } else if (point >= 0x1F170 && point <= 0x1F189) {
                read.append((char) ('a' + point - 0x1F170));
            } else {
                read.appendCodePoint(point);
            }
        }
        return read.toString();
    }

    private static boolean regional(int point) {
        return point >= REGIONAL_A && point <= REGIONAL_Z;
    }

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
