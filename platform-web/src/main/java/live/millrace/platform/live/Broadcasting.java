// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;

/** What is on air, and how to take it off. Thread-safe. */
public interface Broadcasting {
    /** A channel's page at this moment, for those who run it. */
    LiveChannel channel(ChannelView channel);

    /** A channel's page at this moment, for somebody who perhaps may not see what it broadcasts. */
    LiveChannel channel(ChannelView channel, Viewer viewer);

    /** Of what is running or was last: whose it is; empty when nobody knows. */
    Optional<Long> channelOf(UUID broadcast);

    /** Everybody who is live for everybody, the most watched first; up to a second old. */
    LiveDirectory directory();

    /** Of some channels those that are live, whoever they are for, the most watched first. */
    List<LiveCard> live(List<ChannelView> among);

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

    /**
     * The same by whoever owns the channel: the key of a browser may publish again at once, since a page comes back only when somebody presses
     * something.
     *
     * @return whether there was one
     */
    boolean endByOwner(String channel, Duration block);

    /** A block of a key, told from others by its end. */
    record KeyBlock(long keyId, Instant until) {}

    /** Lets the key that publishes to a channel publish no more for a while; empty when nobody does. What runs goes on. */
    Optional<KeyBlock> block(String channel, Duration block);

    /** Takes a block back, unless a longer one came after it. */
    void unblock(long keyId, Instant until);

    /** Ends a channel's broadcast; its owner may start again at once. */
    boolean end(String channel);

    /** The address of the newest picture of a running broadcast; empty where there is none. */
    Optional<String> thumbnail(UUID broadcast);

    /** The newest picture of a running broadcast, as JPEG; empty where there is none. */
    Optional<byte[]> picture(UUID broadcast);

    /**
     * A picture.
     *
     * @param at when it was taken
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Snapshot(byte[] jpeg, Instant at) {}

    /**
     * What a channel shows at this moment, at most ten seconds old where one can be taken; of one that is off the last picture that everybody
     * may see. Empty where there is none. Blocks while one is taken.
     */
    Optional<Snapshot> snapshot(ChannelView channel) throws InterruptedException;

    /** The address of the last picture of a channel that is not live; empty where there is none. */
    Optional<String> lastPicture(ChannelView channel);

    /**
     * Shows no picture any more of what a channel broadcasts now or broadcast last: staff took it down.
     *
     * @return whether there was one
     */
    boolean takeDownPicture(String channel);

    /** Shows pictures again of what a channel broadcasts now: staff took back that they took them down. */
    void putPictureBack(String channel);

    /** The last broadcasts of a channel that went live and are over, the newest first, for those who run it. */
    List<PastBroadcast> past(ChannelView channel, int most);

    /** The same as far as somebody could have watched them who may watch the channel now. */
    List<PastBroadcast> past(ChannelView channel, Viewer viewer, int most);
}
