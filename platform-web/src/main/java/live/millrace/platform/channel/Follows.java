// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who follows whom. Thread-safe. */
public interface Follows {
    /** More than anybody reads; beyond it a follow is refused. */
    int MAX_FOLLOWED = 2_000;

    /** How a wish to follow went. */
    enum Outcome {
        DONE,
        /** It was so already. */
        UNCHANGED,
        /** Nobody follows themselves. */
        OWN_CHANNEL,
        TOO_MANY
    }

    Outcome follow(long accountId, long channelId);

    /**
     * What came of many wishes to follow.
     *
     * @param known the names of those that there are
     * @param already how many of them were followed before, or are their own
     * @param full whether some are not followed because there were too many
     */
    record Many(Set<String> known, int followed, int already, boolean full) {}

    /** Follows channels by their names in small letters, those that come first if that is too many. Others are let be. */
    Many followAll(long accountId, List<String> names);

    Outcome unfollow(long accountId, long channelId);

    /** Since when; empty when it does not. */
    Optional<Instant> since(long accountId, long channelId);

    /** Ids of the channels that an account follows. */
    Set<Long> followedBy(long accountId);

    /** The channels that an account follows, the one that was on air last first. */
    List<ChannelView> channelsFollowedBy(long accountId);
}
