// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All channels. Thread-safe. */
public interface Channels {
    int MAX_TITLE = 100;
    int MAX_DESCRIPTION = 2_000;

    /** By name, in any capitals. */
    Optional<ChannelView> find(String name);

    Optional<ChannelView> find(long channelId);

    List<ChannelView> find(Collection<String> names);

    /** In the order of the ids; those that are no more are left out. */
    List<ChannelView> findAll(List<Long> channelIds);

    /** The account's own one, which bears its name. */
    ChannelView ofAccount(long accountId);

    /** All that an account has: its own one, then the others by name. Nothing when the account is gone. */
    List<ChannelView> allOf(long accountId);

    /** Changes what a broadcast is about. */
    void describe(long channelId, BroadcastInfo info);

    /**
     * Changes what is told of a channel and its broadcasts, from what is told at this moment.
     *
     * @param change called with the channel held: short, and asks nobody
     */
    void redescribe(long channelId, UnaryOperator<Description> change);

    /** Changes the title alone. */
    void retitle(long channelId, String title);

    /** Changes what is told about the channel itself. */
    void edit(long channelId, String description);

    /**
     * Changes what the owner is called.
     *
     * @param displayName normalised; empty to be called by the user name
     * @return false when it looks like somebody else's name
     */
    boolean rename(long channelId, String displayName);

    /**
     * Shows another picture, or none; answers the name of the one before.
     *
     * @param hue the picture's, a step of {@link live.millrace.platform.shared.Hues}; null when it has none
     */
    Optional<String> setAvatar(long channelId, @Nullable String picture, @Nullable Integer hue);

    /** Shows another banner, or none; answers the name of the one before. */
    Optional<String> setBanner(long channelId, @Nullable String picture);

    /** Lists a channel no more, or again. Its page stays, for those who know it. */
    void hide(long channelId, boolean hidden);

    /** Changes who may see the channel's broadcasts, for good; answers whether that is new. */
    boolean show(long channelId, Visibility visibility);

    /**
     * The same until the broadcast that runs is over, and while none does until the next one is; then it is again what it was for good, and
     * title, category, tags, language and for whom it is are what they were when this was chosen first. What it is for good already is
     * chosen for good, and what is said of it stays.
     */
    boolean showOnce(long channelId, Visibility visibility);

    /** What {@link #showOnce} goes back to; empty while all is for good. */
    Optional<Visibility> shownAfter(long channelId);

    /** A broadcast is over: what was for it alone is over too. Answers whether others may see what comes now. */
    boolean broadcastOver(long channelId);

    /** Notes that a channel is on air. */
    void wasLive(long channelId, Instant at);

    /** Says anew when it was last on air, as those may know whom it is shown to; null for never. */
    void lastLive(long channelId, @Nullable Instant at);
}
