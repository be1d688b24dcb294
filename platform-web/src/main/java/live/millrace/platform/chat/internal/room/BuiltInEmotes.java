// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.util.List;
import live.millrace.platform.chat.Emote;

/** The emotes that every room has: drops of the millrace, in many moods. */
final class BuiltInEmotes {
    static final List<Emote> ALL = List.of(
                    "smile", "laugh", "love", "wow", "cool", "wink", "cry", "angry", "sleep", "think", "party", "wave")
            .stream()
            .map(code -> new Emote(code, "/emotes/" + code + ".svg"))
            .toList();

    private BuiltInEmotes() {}

    static boolean has(String code) {
        return ALL.stream().anyMatch(emote -> emote.code().equals(code));
    }
}
