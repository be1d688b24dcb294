// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Until when and since when a room's shield is up. */
public record Shield(
        boolean auto,
        int hours,
        @Nullable Instant since,
        @Nullable Instant until) {
    static final Shield DOWN = new Shield(true, 24, null, null);

    public boolean up(Instant now) {
        return until != null && until.isAfter(now);
    }
}
