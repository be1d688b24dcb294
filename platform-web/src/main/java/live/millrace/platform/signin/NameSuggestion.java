// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import live.millrace.platform.account.UsernameRules;

/** Makes a user name of what somebody is called elsewhere. */
public final class NameSuggestion {
    private static final int MOST = 24;
    private static final int LEAST = 3;
    private static final int MOST_READ = 200;
    private static final int MOST_NUMBERS = 30;

    private NameSuggestion() {}

    /**
     * A name that may be had, or nothing.
     *
     * @param called anything
     * @param free whether nobody has a name
     */
    public static String of(String called, Predicate<String> free) {
        String read = called.length() > MOST_READ ? called.substring(0, MOST_READ) : called;
        // Of a mail address what stands before its sign.
        String before = read.indexOf('@') > 0 ? read.substring(0, read.indexOf('@')) : read;
        String folded = Normalizer.normalize(before, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]+", "-")
                .replaceAll("-{2,}", "-")
                .replaceAll("^[_-]+", "");
        String name = cut(folded, MOST);
        if (name.length() < LEAST || UsernameRules.reserved(name)) {
            return "";
        }
        return IntStream.range(1, MOST_NUMBERS)
                .mapToObj(number -> number == 1 ? name : cut(name, MOST - 2) + number)
                .filter(candidate -> UsernameRules.wellFormed(candidate) && !UsernameRules.reserved(candidate))
                .filter(free)
                .findFirst()
                .orElse("");
    }

    private static String cut(String text, int most) {
        return (text.length() > most ? text.substring(0, most) : text).replaceAll("[_-]+$", "");
    }
}
