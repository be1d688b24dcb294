// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatOrder;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.StoredComment;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Order in rooms, for other features. */
@Service
class RoomOrder implements ChatOrder {
    private final LiveRooms rooms;
    private final OrderStore store;
    private final ModeratedMessages messages;
    private final SanctionStore sanctions;
    private final MessageActs acts;
    private final RoomUndo undo;
    private final Clock clock;

    RoomOrder(
            LiveRooms rooms,
            OrderStore store,
            ModeratedMessages messages,
            SanctionStore sanctions,
            MessageActs acts,
            RoomUndo undo,
            Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.messages = messages;
        this.sanctions = sanctions;
        this.acts = acts;
        this.undo = undo;
        this.clock = clock;
    }

    @Override
    public Set<ChatRight> rights(ChannelView channel, @Nullable AccountPrincipal principal) {
        return rooms.room(channel).rights(principal);
    }

    @Override
    public Optional<StoredComment> comment(long channelId, long seq) {
        return messages.comment(channelId, seq);
    }

    @Override
    public List<StoredComment> around(long channelId, long seq, int each) {
        return messages.around(channelId, seq, each);
    }

    @Override
    public List<StoredComment> latest(long channelId, int most) {
        return messages.latest(channelId, most);
    }

    @Override
    @Transactional
    public List<ChatAction> remove(ChannelView channel, List<Long> seqs, Actor actor, String reason) {
        store.lock(channel.id());
        return seqs.stream()
                .flatMap(seq -> messages.comment(channel.id(), seq).stream())
                .filter(comment -> !comment.removed())
                .map(comment -> acts.removed(channel, actor, comment, reason))
                .toList();
    }

    @Override
    @Transactional
    public boolean putBack(ChannelView channel, long actionId) {
        return undo.putBack(channel, actionId);
    }

    @Override
    public List<ChatAction> actions(long channelId, long before, int most) {
        return store.actions(channelId, null, before, most);
    }

    @Override
    public List<Sanction> sanctions(long channelId, int most) {
        return sanctions.sanctions(channelId, clock.instant(), most);
    }
}
