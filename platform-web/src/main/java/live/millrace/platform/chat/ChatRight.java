// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.util.EnumSet;
import java.util.Set;

/** What somebody may do in a room beside talking. Its owner and the site's staff may everything. */
public enum ChatRight {
    /** Remove messages, decide about those that wait, pin one. */
    DELETE,
    /** Silence somebody for a time, warn, note. */
    TIMEOUT,
    BAN,
    /** End what others decreed. */
    UNBAN,
    /** Change the rules, raise the shield, clear the room. */
    SETTINGS,
    /** Change title, category and tags of the broadcast. */
    INFO;

    /** What a new moderator may. */
    public static final Set<ChatRight> USUAL = Set.copyOf(EnumSet.of(DELETE, TIMEOUT, BAN, UNBAN));

    public static final Set<ChatRight> ALL = Set.copyOf(EnumSet.allOf(ChatRight.class));
}
