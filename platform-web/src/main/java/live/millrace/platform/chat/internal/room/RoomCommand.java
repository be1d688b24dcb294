// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import live.millrace.platform.chat.ChatRight;

/** What can be typed with a stroke before it, in the order in which it is offered, and the right that it takes. */
public enum RoomCommand {
    TIMEOUT(ChatRight.TIMEOUT),
    BAN(ChatRight.BAN),
    UNBAN(ChatRight.UNBAN),
    WARN(ChatRight.TIMEOUT),
    SLOW(ChatRight.SETTINGS),
    FOLLOWERS(ChatRight.SETTINGS),
    SHIELD(ChatRight.SETTINGS),
    TITLE(ChatRight.INFO),
    MARKER(ChatRight.INFO),
    CLEAR(ChatRight.SETTINGS);

    private final ChatRight right;

    RoomCommand(ChatRight right) {
        this.right = right;
    }

    /** As it is typed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> names(Set<ChatRight> rights) {
        return Arrays.stream(values())
                .filter(command -> rights.contains(command.right))
                .map(RoomCommand::word)
                .toList();
    }
}
