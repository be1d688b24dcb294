// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.https.Trouble;

/** Makes kinds of what directories say: of the type of a problem (RFC 8555 §6.7), and where that says little of its words. */
final class TroubleFinder {
    private static final String PREFIX = "urn:ietf:params:acme:error:";
    private static final int MOST_READ = 2_000;

    /** As Boulder begins: {@code 203.0.113.7: Fetching http://…}. */
    private static final Pattern AT_FIRST = Pattern.compile("^([0-9A-Fa-f.:]{3,45}): ");

    private static final Pattern DIALLED =
            Pattern.compile("\\b(?:dial|read) tcp (?:[^ ]{1,60}->)?(\\[[0-9A-Fa-f:]{2,45}]|[0-9.]{7,15}):\\d");
    private static final Pattern BRACKETS = Pattern.compile("\\[([0-9A-Fa-f.:]{3,45})]");
    private static final Pattern FOUR = Pattern.compile("(?<![\\d.])((?:\\d{1,3}\\.){3}\\d{1,3})(?!\\.?\\d)");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}");
    private static final Pattern RETRY =
            Pattern.compile("retry after (\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}:\\d{2})", Pattern.CASE_INSENSITIVE);

    private TroubleFinder() {}

    /** @param type a problem's, whole */
    static Trouble of(String type, String detail) {
        String words = bounded(detail).toLowerCase(Locale.ROOT);
        return switch (type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type) {
            case "dns" -> nameless(words) ? Trouble.NO_NAME : Trouble.DNS;
            case "connection" -> nameless(words) || words.contains("lookup ") ? Trouble.NO_NAME : Trouble.CLOSED;
            case "unauthorized", "tls", "incorrectResponse" -> nameless(words) ? Trouble.NO_NAME : Trouble.ELSEWHERE;
            case "caa" -> Trouble.CAA;
            case "rateLimited" -> Trouble.RATE;
            case "rejectedIdentifier", "unsupportedIdentifier" -> Trouble.REJECTED;
            case "externalAccountRequired" -> Trouble.EXTERNAL;
            case "userActionRequired" -> Trouble.TERMS_CHANGED;
            case "accountDoesNotExist" -> Trouble.ACCOUNT;
            case "serverInternal" -> Trouble.AWAY;
            default -> Trouble.OTHER;
        };
    }

    private static boolean nameless(String words) {
        return words.contains("nxdomain")
                || words.contains("no valid a record")
                || words.contains("no valid aaaa record")
                || words.contains("no valid ip addresses")
                || words.contains("no such host")
                || words.contains("could not resolve")
                || words.contains("could not determine a valid a or aaaa");
    }

    /** The address that the directory asked, where its words say so. */
    static Optional<String> seen(String detail) {
        String words = bounded(detail);
        for (Pattern pattern : new Pattern[] {AT_FIRST, DIALLED, BRACKETS, FOUR}) {
            Matcher found = pattern.matcher(words);
            if (found.find()) {
                String address = found.group(1).replaceAll("[\\[\\]]", "");
                if (IPV4.matcher(address).matches() || IPV6.matcher(address).matches()) {
                    return Optional.of(address);
                }
            }
        }
        return Optional.empty();
    }

    /** Until when a limit holds, where its words say so. */
    static Optional<Instant> until(String detail) {
        Matcher found = RETRY.matcher(bounded(detail));
        try {
            return found.find()
                    ? Optional.of(LocalDateTime.parse(
                                    found.group(1) + "T" + found.group(2), DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                            .toInstant(ZoneOffset.UTC))
                    : Optional.empty();
        } catch (DateTimeParseException malformed) {
            return Optional.empty();
        }
    }

    private static String bounded(String detail) {
        return detail.length() > MOST_READ ? detail.substring(0, MOST_READ) : detail;
    }
}
