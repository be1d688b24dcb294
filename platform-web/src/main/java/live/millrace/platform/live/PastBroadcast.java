// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Duration;
import java.time.Instant;

/** A broadcast that is over. */
public record PastBroadcast(long id, String title, Instant liveAt, Instant endedAt, int peakViewers) {
    public Duration length() {
        return Duration.between(liveAt, endedAt);
    }
}
