// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import org.jspecify.annotations.Nullable;

/** Moderation of rooms, for other features. Thread-safe. */
public interface ChatModeration {
    /** What somebody may in a channel's room. */
    Set<ChatRight> rights(ChannelView channel, @Nullable AccountPrincipal principal);

    /**
     * A message as somebody knows it who may see the channel; empty when it never was, and of what was written before fewer than the channel is for
     * now, unless they moderate there.
     */
    Optional<StoredMessage> message(ChannelView channel, long seq, @Nullable AccountPrincipal principal);

    /** A message and its neighbours, the oldest first. */
    List<StoredMessage> around(long channelId, long seq, int each);

    /** The last messages of a room, the oldest first. */
    List<StoredMessage> latest(long channelId, int most);

    /** Removes messages; whoever is in the room sees them go. Answers what was done, an action for each that was there. */
    List<ChatAction> remove(ChannelView channel, List<Long> seqs, Actor actor, String reason);

    /** Takes back what was done in a room, however long ago; answers whether there was anything to take back. */
    boolean putBack(ChannelView channel, long actionId);

    /** The last actions in a room, the newest first. */
    List<ChatAction> actions(long channelId, long before, int most);

    /** Who is silenced or banned in a room, the newest first. */
    List<Sanction> sanctions(long channelId, int most);
}
