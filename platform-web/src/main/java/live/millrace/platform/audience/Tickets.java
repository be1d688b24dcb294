// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.ChannelView;

/**
 * Tickets for media that is not for everybody: 128 random bits in the path of its addresses, which say who asks. What they open is
 * decided anew whenever somebody's rights change. Thread-safe.
 */
public interface Tickets {
    /** Begins the topic by which a page keeps its ticket alive. */
    String TOPIC = "ticket:";

    /**
     * Makes one for a page that somebody looks at. It lives for a minute, and as long as that page's socket or a player uses it.
     *
     * @return 22 characters that stand in addresses; to be seen by nobody else
     */
    String issue(ChannelView channel, Viewer viewer);

    /** How long one for a player lives at most. */
    Duration PLAYER = Duration.ofHours(12);

    /** Characters of the name of one for a player. */
    int MAX_NAME = 60;

    /** Of one channel and person at a time. */
    int MOST_PLAYERS = 10;

    /**
     * Makes one for a player elsewhere, which lives until the broadcast ends, {@link #PLAYER} at most, whether it is used or not. Of a
     * camera it lives on while that rests, and wakes it.
     *
     * @param name what to call it in lists, in one line
     * @return its secret; empty when this person has too many already
     */
    Optional<String> issue(ChannelView channel, Viewer viewer, String name);

    /** Those for players elsewhere that a channel can be watched by, the newest first. */
    List<PlayerAddress> players(long channelId);

    /** Takes back one for a player elsewhere: it opens nothing from now on. Answers whether it was there. */
    boolean revoke(long channelId, long id);
}
