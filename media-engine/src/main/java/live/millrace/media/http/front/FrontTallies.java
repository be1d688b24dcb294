// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What the front counts from its start on, for metrics.
 *
 * @param requests that went to the site, by how that ended
 * @param sockets WebSockets of the site that are open
 */
public record FrontTallies(Tally<Outcome> requests, LongAdder sockets) {
    /** How a request for the site ended. */
    public enum Outcome {
        /** The site answered. */
        ANSWERED,
        /** The client left before the end of the answer. */
        LEFT,
        /** The site was not there, or had no connection left. */
        AWAY,
        /** The site broke its answer off. */
        BROKEN,
        /** The site did not answer in time, or the client did not take the answer. */
        TOO_SLOW,
        /** Not passed on: what was asked is nothing that a site answers. */
        REFUSED
    }

    static FrontTallies fresh() {
        return new FrontTallies(new Tally<>(Outcome.class), new LongAdder());
    }
}
