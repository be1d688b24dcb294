// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.net.URI;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Component;

/**
 * Which passwords are too easily guessed: those that most people choose, also with the usual signs in place of letters and a year at their
 * end, those that repeat or count, and those made of what everybody knows of the account and the site. What else they are made of is
 * nobody's business: there are no rules of composition. Their length is the forms'.
 */
@Component
class PasswordRules {
    /** A word with this much at its ends is still that word. */
    private static final int DECORATION = 6;

    private static final int SHORTEST_STEM = 4;

    /** Shorter words are in too many others. */
    private static final int SHORTEST_OWN = 4;

    private static final int FEWEST_DIFFERENT = 4;

    private static final String SIGNS = "0134578@$!|+(";
    private static final String LETTERS = "oieastbasiltc";

    private final CommonPasswords common;
    private final SiteSettings site;
    private final SiteAddress address;

    PasswordRules(CommonPasswords common, SiteSettings site, SiteAddress address) {
        this.common = common;
        this.site = site;
        this.address = address;
    }

    /** The key of a text that says what stands against a password; empty when nothing does. */
    Optional<String> refusal(String password, String username, String email) {
        String folded = fold(password);
        String plain = letters(folded, 'i');
        if (own(username, email).anyMatch(word -> folded.contains(word) || plain.contains(letters(word, 'i')))) {
            return Optional.of("account.password.holds-name");
        }
        if (monotonous(folded)) {
            return Optional.of("account.password.monotonous");
        }
        return guessable(folded) ? Optional.of("account.password.common") : Optional.empty();
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip();
    }

    // ---- what everybody knows -----------------------------------------------------------------------------------

    /** Words of the account and of the site. A domain's ending and its www are none. */
    private Stream<String> own(String username, String email) {
        String folded = fold(email);
        int at = folded.lastIndexOf('@');
        String local = at < 0 ? folded : folded.substring(0, at);
        String host = address.origin()
                .map(origin -> URI.create(origin).getHost())
                .map(PasswordRules::fold)
                .orElse("");
        return Stream.of(
                        // A short name as well: it is written beside every message.
                        Stream.of(fold(username)),
                        Stream.of(folded, local, local.replaceAll("[._+-]", "")).filter(PasswordRules::word),
                        Stream.of(fold(site.siteName()), fold(site.siteName()).replace(" ", ""))
                                .filter(PasswordRules::word),
                        Stream.of(host).filter(PasswordRules::word),
                        Arrays.stream(host.split("\\."))
                                .filter(PasswordRules::word)
                                .limit(2))
                .flatMap(words -> words)
                .filter(word -> !word.isEmpty());
    }

    private static boolean word(String text) {
        return text.codePointCount(0, text.length()) >= SHORTEST_OWN && !text.equals("live") && !text.equals("stream");
    }

    // ---- what everybody chooses ---------------------------------------------------------------------------------

    private boolean guessable(String folded) {
        if (common.contains(folded)) {
            return true;
        }
        String start = trimmed(folded, true, false);
        String end = trimmed(folded, false, true);
        String both = trimmed(start, false, true);
        Set<String> stems = new LinkedHashSet<>();
        for (String candidate : new String[] {folded, start, end, both}) {
            String decoration = folded.length() - candidate.length() > DECORATION ? folded.replace(candidate, "") : "";
            if (decoration.isEmpty() || monotonous(decoration) || common.contains(decoration)) {
                stems.add(candidate);
                stems.add(letters(candidate, 'i'));
                stems.add(letters(candidate, 'l'));
                // A sign at its end may have been a letter as well as an ornament.
                stems.add(trimmed(letters(candidate, 'i'), true, true));
            }
        }
        return stems.stream()
                .flatMap(stem -> Stream.of(stem, unit(stem)))
                .filter(stem -> stem.length() >= SHORTEST_STEM)
                .anyMatch(common::contains);
    }

    /** Without the digits and signs at its ends. */
    private static String trimmed(String text, boolean start, boolean end) {
        int from = 0;
        int to = text.length();
        while (start && from < to && !Character.isLetter(text.charAt(from))) {
            from++;
        }
        while (end && to > from && !Character.isLetter(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** With the letters that signs and digits stand for. */
    private static String letters(String text, char one) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            int which = SIGNS.indexOf(sign);
            plain.append(sign == '1' || sign == '!' || sign == '|' ? one : which < 0 ? sign : LETTERS.charAt(which));
        }
        return plain.toString();
    }

    /** What it repeats, from its beginning to its end; itself when it repeats nothing. */
    private static String unit(String text) {
        for (int length = 1; length <= text.length() / 2; length++) {
            if (text.startsWith(text.substring(length))
                    || (text.length() % length == 0
                            && text.equals(text.substring(0, length).repeat(text.length() / length)))) {
                return text.substring(0, length);
            }
        }
        return text;
    }

    /** Few different signs, a short thing again and again, or one sign after the other as they are counted. */
    private static boolean monotonous(String text) {
        if (text.isEmpty()) {
            return false;
        }
        if (text.chars().distinct().count() < FEWEST_DIFFERENT || unit(text).length() < SHORTEST_STEM) {
            return true;
        }
        int steps = 0;
        for (int i = 1; i < text.length(); i++) {
            int step = text.charAt(i) - text.charAt(i - 1);
            // After nine comes nought.
            if (step == 1 || step == -1 || step == -9 || step == 9) {
                steps++;
            }
        }
        return steps >= text.length() - 2 && text.length() > 2;
    }
}
