// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.tally.Tally;

/**
 * What became of those who wanted to publish, over all protocols and since the start.
 *
 * @param refusals of publish attempts
 * @param ends of publish sessions
 */
public record PublishTallies(Tally<RefusalCause> refusals, Tally<PublishEnd> ends) {
    static PublishTallies fresh() {
        return new PublishTallies(new Tally<>(RefusalCause.class), new Tally<>(PublishEnd.class));
    }
}
