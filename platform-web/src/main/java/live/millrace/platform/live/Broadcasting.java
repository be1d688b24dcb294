// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;

/** What is on air, and how to take it off. Thread-safe. */
public interface Broadcasting {
    /** A channel's page at this moment. */
    LiveChannel channel(ChannelView channel);

    /** Everybody who is live, the most watched first; up to a second old. */
    LiveDirectory directory();

    /** The last 20 attempts to publish to a channel, and those of this address whose key told nothing; the newest first. */
    List<AttemptView> attempts(long channelId, String remote);

    /** The last 50 attempts whose key belongs to nobody. */
    List<AttemptView> strangers();

    /**
     * Ends a channel's broadcast and lets its key publish no more for a while: encoders come back by themselves.
     *
     * @return whether there was one
     */
    boolean endAndBlock(String channel, Duration block);

    /** Ends a channel's broadcast; its owner may start again at once. */
    boolean end(String channel);

    /** The address of the newest picture of a running broadcast; empty where there is none. */
    Optional<String> thumbnail(UUID broadcast);

    /** The newest picture of a running broadcast, as JPEG; empty where there is none. */
    Optional<byte[]> picture(UUID broadcast);

    /** The last broadcasts of a channel that went live and are over, the newest first. */
    List<PastBroadcast> past(long channelId, int most);
}
