// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a token may do of all that its owner may. It never gives a right that they have not. */
public enum TokenScope {
    /** See what the account sees. */
    READ,
    /** Take part: chat, follow, report. */
    CHAT,
    /** Run the account's channels: their descriptions, the end of their streams. Never their keys. */
    CHANNEL,
    /** Moderate where the account does. */
    MODERATE,
    /** Run the site, for admins. */
    ADMIN;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As they are stored. */
    public static String write(Set<TokenScope> scopes) {
        return scopes.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }

    public static Set<TokenScope> read(String stored) {
        return stored.isEmpty()
                ? EnumSet.noneOf(TokenScope.class)
                : Stream.of(stored.split(",", -1))
                        .map(TokenScope::valueOf)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(TokenScope.class)));
    }
}
