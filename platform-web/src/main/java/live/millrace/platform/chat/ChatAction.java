// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did in a room.
 *
 * @param actor by the name of then; empty when the site did it by itself
 * @param kind a key under {@code moderation.kind}
 * @param target whom it hit; empty when nobody
 * @param guest whether that is a guest without an account, by the name that they gave themselves
 * @param excerpt what was said, as far as it fits
 * @param until when it ends by itself; null when it does not
 */
public record ChatAction(
        long id,
        String actor,
        String kind,
        String target,
        boolean guest,
        String excerpt,
        String reason,
        @Nullable Instant until,
        Instant at,
        boolean undone) {

    /** Whom it hit, for a log of names: a guest's is set apart from that of every account. */
    public String named() {
        return guest ? "guest:" + target : target;
    }

    /** What a rule of the room was set to; negative when it was switched off, or when this set none. */
    public int number() {
        String digits = excerpt.replaceFirst("\\D.*$", "");
        return digits.isEmpty() || digits.length() > 9 ? -1 : Integer.parseInt(digits);
    }
}
