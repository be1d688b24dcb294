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

        /** What it would come back to is over. */
        record Over() implements Start {}
    }

    /** Why a page asks. */
    enum Why {
        /** Somebody pressed a button. */
        BEGIN,
        /** It lost its connection, and comes back by itself. */
        COME_BACK,
        /** Somebody pressed a button after it was loaded anew, perhaps as a copy of one that is on air: it gets a run of its own. */
        RELOADED,
        /** Somebody was told that another page is on air, and wants to be in its place. */
        TAKE_OVER
    }

    /**
     * Somebody who runs the channel wants to go on air, or to come back.
     *
     * @param remote their address
     * @param run as it was told to the page before; empty when it begins
     */
    Start start(ChannelView channel, String remote, Optional<UUID> run, Why why);

    /** Ends the broadcast of a page, which may begin anew at once; answers whether it was on air. */
    boolean end(ChannelView channel, UUID run);
}
