// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import com.ibm.icu.text.SpoofChecker;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names that pass for the site's own people: a word of theirs as a part of its own ({@code anna_staff}, {@code Admin Anna}), or grown
 * together with a name where no other word begins or ends so ({@code OfficialAnna}, {@code annaadmin}). A word inside another
 * ({@code badminton}, {@code supporter}, {@code modern}) is nobody's voice. Letters that look alike are the same letters.
 */
public final class SiteVoice {
    private static final SpoofChecker LOOKS =
            new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();

    /** Nobody's as a part of their own. */
    private static final Set<String> PARTS = seen(
            "official",
            "staff",
            "admin",
            "admins",
            "administrator",
            "moderator",
            "moderators",
            "support",
            "helpdesk",
            "sysadmin",
            "sysop",
            "webmaster",
            "millrace");

    private static final Set<String> STARTS = seen("official", "administrator", "moderator", "millrace");
    private static final Set<String> ENDS =
            seen("official", "admin", "administrator", "moderator", "staff", "support", "millrace");

    /** Words and names of people that end so. */
    private static final Set<String> HONEST = seen("flagstaff", "falstaff", "wagstaff", "longstaff", "tipstaff");

    private static final List<String> HAN = List.of("官方", "管理员", "管理員", "站长", "站長", "审核员", "審核員", "客服", "版主", "房管");

    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}\\p{M}$@|!]+|(?<=\\p{Ll})(?=\\p{Lu})");
    private static final int SHORTEST_GROWN = 6;

    private SiteVoice() {}

    private static Set<String> seen(String... words) {
        return Arrays.stream(words).map(SiteVoice::look).collect(Collectors.toUnmodifiableSet());
    }

    /** One form for what looks the same; digits that stand for letters are letters. */
    private static String look(String text) {
        String letters = text.toLowerCase(Locale.ROOT)
                .replace('0', 'o')
                .replace('1', 'l')
                .replace('|', 'l')
                .replace('!', 'i')
                .replace('3', 'e')
                .replace('4', 'a')
                .replace('@', 'a')
                .replace('5', 's')
                .replace('$', 's')
                .replace('7', 't');
        return LOOKS.getSkeleton(letters).toLowerCase(Locale.ROOT).replace('i', 'l');
    }

    /** Whether a user name, a channel's or a display name is one that the site's people alone may have. */
    public static boolean heardIn(String name) {
        if (HAN.stream().anyMatch(name::contains)) {
            return true;
        }
        List<String> parts = Arrays.stream(BETWEEN.split(name))
                .map(SiteVoice::look)
                .filter(part -> !part.isEmpty())
                .toList();
        // A number behind or before is part of no word: staff2 is staff.
        return parts.stream()
                .anyMatch(part -> PARTS.contains(part)
                        || PARTS.contains(look(stripDigits(part)))
                        || (!HONEST.contains(part)
                                && (STARTS.stream().anyMatch(part::startsWith)
                                        || ENDS.stream().anyMatch(part::endsWith))));
    }

    private static String stripDigits(String part) {
        return part.replaceAll("^\\p{Nd}+|\\p{Nd}+$", "");
    }

    /** The same for the site's own name. */
    public static boolean named(String name, String siteName) {
        String site = look(BETWEEN.matcher(siteName).replaceAll(""));
        if (site.codePointCount(0, site.length()) < 3) {
            return false;
        }
        String whole = look(BETWEEN.matcher(name).replaceAll(""));
        boolean grown = site.length() >= SHORTEST_GROWN && (whole.startsWith(site) || whole.endsWith(site));
        return whole.equals(site)
                || grown
                || Arrays.stream(BETWEEN.split(name)).map(SiteVoice::look).anyMatch(site::equals);
    }
}
