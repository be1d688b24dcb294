// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody may not write in a room.
 *
 * @param whom null while nobody has that name
 * @param username of a guest, what stands in its place
 * @param until null: until it is lifted
 * @param broadcast whether it ends with the broadcast
 */
public record Sanction(
        @JsonIgnore @Nullable Talker whom,
        String username,
        Kind kind,
        @Nullable Instant until,
        boolean broadcast,
        String reason) {
    /** For a time, or until further notice. */
    public enum Kind {
        TIMEOUT,
        BAN
    }

    /** Whether it is a guest without an account. */
    public boolean guest() {
        return whom instanceof Talker.Invited;
    }

    /** What they are called. */
    public String name() {
        return whom instanceof Talker.Invited invited ? invited.name() : username;
    }

    public boolean active(Instant now) {
        return until == null || until.isAfter(now);
    }
}
