// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Set;
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

    /** Guests of a channel that watch at this moment. */
    Set<Long> watching(long channelId);
}
