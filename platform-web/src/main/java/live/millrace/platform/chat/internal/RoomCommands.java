// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.internal.Act.Kind;
import org.springframework.stereotype.Component;

/**
 * What can be typed in the place of a comment: {@code /timeout name 10m reason}, {@code /ban name reason}, {@code /unban name},
 * {@code /warn name reason}, {@code /slow 10} or {@code off}, {@code /followers 10m} or {@code off}, {@code /shield on} or
 * {@code off}, {@code /title words}, {@code /clear}.
 */
@Component
class RoomCommands {
    private static final Pattern WORDS = Pattern.compile("/(\\w{1,20})(?:\\s+(\\S+))?(?:\\s+(\\S.*))?");
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})(s|m|h|d|w)?(?:\\s+(.*))?");
    private static final long DEFAULT_TIMEOUT_SECONDS = 600;

    private final RoomActs acts;

    RoomCommands(RoomActs acts) {
        this.acts = acts;
    }

    ChatAction run(Room room, AccountPrincipal principal, String text) throws NotDoneException {
        Matcher words = WORDS.matcher(LineText.clean(text));
        if (!words.matches()) {
            throw NotDoneException.because("unknown");
        }
        String first = words.group(2) == null ? "" : words.group(2);
        String rest = words.group(3) == null ? "" : words.group(3);
        Act act = switch (words.group(1)) {
            case "timeout" -> timeOut(first, rest);
            case "ban" -> Act.against(Kind.BAN, first, null, rest);
            case "unban", "untimeout" -> Act.against(Kind.UNBAN, first, null, "");
            case "warn" -> Act.against(Kind.WARN, first, null, rest);
            case "slow" -> Act.rule(Kind.SLOW, first.equals("off") ? 0 : seconds(first, 1, 10), null);
            case "followers" ->
                Act.rule(Kind.FOLLOWERS, first.equals("off") ? 0 : seconds(first, 60, 0), !first.equals("off"));
            case "shield" -> Act.rule(Kind.SHIELD, null, !first.equals("off"));
            case "title" -> new Act(Kind.TITLE.name(), null, null, null, null, null, (first + " " + rest).strip());
            case "clear" -> Act.of(Kind.CLEAR);
            default -> throw NotDoneException.because("unknown");
        };
        return acts.act(room, principal, act);
    }

    private static Act timeOut(String name, String rest) {
        Matcher length = LENGTH.matcher(rest);
        return length.matches()
                ? Act.against(Kind.TIMEOUT, name, seconds(length, 1), length.group(3) == null ? "" : length.group(3))
                : Act.against(Kind.TIMEOUT, name, DEFAULT_TIMEOUT_SECONDS, rest);
    }

    private static long seconds(String text, int plainUnit, long otherwise) throws NotDoneException {
        if (text.isEmpty()) {
            return otherwise;
        }
        Matcher length = LENGTH.matcher(text);
        if (!length.matches()) {
            throw NotDoneException.because("length");
        }
        return seconds(length, plainUnit);
    }

    /** @param plainUnit how many seconds a number without a letter counts */
    private static long seconds(Matcher length, int plainUnit) {
        long number = Long.parseLong(length.group(1));
        String unit = length.group(2) == null ? "" : length.group(2);
        return number
                * switch (unit) {
                    case "s" -> 1;
                    case "m" -> 60;
                    case "h" -> 3_600;
                    case "d" -> 86_400;
                    case "w" -> 604_800;
                    default -> plainUnit;
                };
    }
}
