// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import org.jspecify.annotations.Nullable;

/** The channels that accounts have beside the one of their name. Thread-safe. */
public interface ExtraChannels {
    /** That one account can be given. */
    int MOST = 100;

    /** Names of removed channels that rest for one account; beyond it, it removes none, lest it keeps names from everybody. */
    int MOST_RESTING = 20;

    /**
     * How many an account may have.
     *
     * @param given whether the number was given to this account, and is not what its role allows
     * @param made how many it has
     */
    record Allowance(int allowed, boolean given, int made) {
        public int left() {
            return Math.max(0, allowed - made);
        }
    }

    /** How a wish for a channel went. */
    sealed interface Wish {
        record Made(ChannelView channel) implements Wish {}

        /** @param why a message key */
        record Refused(String why) implements Wish {}
    }

    Allowance allowance(long accountId);

    /** Gives an account a number of its own; null goes back to what its role allows. What it has stays. */
    void allow(long accountId, @Nullable Integer channels);

    Wish make(long accountId, String name);

    /** How a wish to be rid of a channel went. */
    enum Removal {
        /** It is gone, by this or by another. */
        DONE,
        /** It goes with its account alone. */
        OWN_CHANNEL,
        TOO_MANY_REST
    }

    /** Takes a channel away with everything in it; its stream ends, and nobody gets its name for 90 days. */
    Removal remove(long channelId);
}
