// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.Refusal;

/** Going on air from a page of the site. Thread-safe. */
public interface BrowserLive {
    /** What becomes of somebody who wants to. */
    sealed interface Start {
        /**
         * They may.
         *
         * @param secret what they publish with, once, within {@link live.millrace.platform.channel.BrowserKeys#BEGINS_WITHIN}
         * @param run to be said by whoever comes back
         */
        record May(String secret, UUID run) implements Start {
            @Override
            public String toString() {
                return "May[" + run + "]";
            }
        }

        /** Something stands against it. */
        record Refused(Refusal why) implements Start {}

        /** Another page is on air, or was since: it can be taken over from. */
        record Elsewhere() implements Start {}
    }

    /**
     * What a page wants.
     *
     * @param run as it was told to the page before; empty when it begins
     * @param reloaded it was loaded anew since, perhaps as a copy of one that is on air: it gets a run of its own
     * @param takeOver also when another page is on air
     */
    record Wish(Optional<UUID> run, boolean reloaded, boolean takeOver) {}

    /**
     * Somebody who runs the channel wants to go on air, or to come back.
     *
     * @param remote their address
     */
    Start start(ChannelView channel, String remote, Wish wish);

    /** Ends the broadcast of a page, which may begin anew at once; answers whether it was on air. */
    boolean end(ChannelView channel, UUID run);
}
