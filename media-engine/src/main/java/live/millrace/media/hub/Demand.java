// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;

/**
 * How much somebody wants a stream that is not on.
 *
 * @param patience how long he waits for a publisher that may come. A source that can be started is waited for in any case, as long as
 *     sources may take
 */
public record Demand(Duration patience) {
    /** For a player that asks again by itself. */
    public static final Demand NOW = new Demand(Duration.ZERO);

    /** For a player that was opened a moment before its encoder. */
    public static final Demand SOON = new Demand(Duration.ofSeconds(15));

    public Demand {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience is not negative");
        }
    }
}
