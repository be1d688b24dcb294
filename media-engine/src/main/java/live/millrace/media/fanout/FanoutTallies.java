// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What the fan-out counts from its start on, for metrics.
 *
 * @param viewers what became of them
 * @param flushes of feeds: one for each batch of frames, however many viewers it went to
 * @param sent bytes handed to sockets
 */
public record FanoutTallies(Tally<Event> viewers, LongAdder flushes, LongAdder sent) {
    /** What became of a viewer. */
    public enum Event {
        JOINED,
        /** It was behind and lost frames up to a random access point. */
        SKIPPED,
        /** It took nothing for too long. */
        STALLED
    }

    static FanoutTallies fresh() {
        return new FanoutTallies(new Tally<>(Event.class), new LongAdder(), new LongAdder());
    }
}
