// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.internal.moderation.ModerationCommand.Kind;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.text.MessageText;
import org.springframework.stereotype.Component;

/**
 * What can be typed in the place of a message: {@code /timeout name 10m reason}, {@code /ban name reason}, {@code /unban name},
 * {@code /warn name reason}, {@code /slow 10} or {@code off}, {@code /followers 10m} or {@code off}, {@code /shield on} or
 * {@code off}, {@code /title words}, {@code /marker words}, {@code /clear}.
 */
@Component
public class TypedCommands {
    private static final Pattern WORDS = Pattern.compile("/(\\w{1,20})(?:\\s+(\\S+))?(?:\\s+(\\S.*))?");
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})(s|m|h|d|w)?(?:\\s+(.*))?");
    private static final long DEFAULT_TIMEOUT_SECONDS = 600;

    private final ModerationCommands commands;

    TypedCommands(ModerationCommands commands) {
        this.commands = commands;
    }

    public ChatAction run(Room room, AccountPrincipal principal, String text) throws NotDoneException {
        Matcher words = WORDS.matcher(MessageText.clean(text));
        if (!words.matches()) {
            throw NotDoneException.because("unknown");
        }
        String first = words.group(2) == null ? "" : words.group(2);
        String rest = words.group(3) == null ? "" : words.group(3);
        ModerationCommand command = switch (words.group(1)) {
            case "timeout" -> timeOut(first, rest);
            case "ban" -> ModerationCommand.against(Kind.BAN, first, null, rest);
            case "unban", "untimeout" -> ModerationCommand.against(Kind.UNBAN, first, null, "");
            case "warn" -> ModerationCommand.against(Kind.WARN, first, null, rest);
            case "slow" -> ModerationCommand.rule(Kind.SLOW, first.equals("off") ? 0 : seconds(first, 1, 10), null);
            case "followers" ->
                ModerationCommand.rule(
                        Kind.FOLLOWERS, first.equals("off") ? 0 : seconds(first, 60, 0), !first.equals("off"));
            case "shield" -> ModerationCommand.rule(Kind.SHIELD, null, !first.equals("off"));
            case "title" ->
                new ModerationCommand(Kind.TITLE.name(), null, null, null, null, null, (first + " " + rest).strip());
            case "marker" ->
                new ModerationCommand(Kind.MARKER.name(), null, null, null, null, null, (first + " " + rest).strip());
            case "clear" -> ModerationCommand.of(Kind.CLEAR);
            default -> throw NotDoneException.because("unknown");
        };
        return commands.run(room, principal, command);
    }

    private static ModerationCommand timeOut(String name, String rest) {
        Matcher length = LENGTH.matcher(rest);
        return length.matches()
                ? ModerationCommand.against(
                        Kind.TIMEOUT, name, seconds(length, 1), length.group(3) == null ? "" : length.group(3))
                : ModerationCommand.against(Kind.TIMEOUT, name, DEFAULT_TIMEOUT_SECONDS, rest);
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
