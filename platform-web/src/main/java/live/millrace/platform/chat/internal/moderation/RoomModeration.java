// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.MessageHistory;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.RoomStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Moderation of rooms, for other features. */
@Service
class RoomModeration implements ChatModeration {
    private final LiveRooms rooms;
    private final RoomStore roomStore;
    private final ModerationStore store;
    private final MessageHistory messages;
    private final MessageCommands commands;
    private final ModerationUndo undo;
    private final Clock clock;

    RoomModeration(
            LiveRooms rooms,
            RoomStore roomStore,
            ModerationStore store,
            MessageHistory messages,
            MessageCommands commands,
            ModerationUndo undo,
            Clock clock) {
        this.rooms = rooms;
        this.roomStore = roomStore;
        this.store = store;
        this.messages = messages;
        this.commands = commands;
        this.undo = undo;
        this.clock = clock;
    }

    @Override
    public Set<ChatRight> rights(ChannelView channel, @Nullable AccountPrincipal principal) {
        return rooms.room(channel).rights(principal);
    }

    @Override
    public Optional<StoredMessage> message(ChannelView channel, long seq, @Nullable AccountPrincipal principal) {
        Room room = rooms.room(channel);
        return seq > room.floor() || room.moderates(principal) ? messages.message(channel.id(), seq) : Optional.empty();
    }

    @Override
    public List<StoredMessage> around(long channelId, long seq, int each) {
        return messages.around(channelId, seq, each);
    }

    @Override
    public List<StoredMessage> latest(long channelId, int most) {
        return messages.latest(channelId, most);
    }

    @Override
    @Transactional
    public List<ChatAction> remove(ChannelView channel, List<Long> seqs, Actor actor, String reason) {
        roomStore.lock(channel.id());
        return seqs.stream()
                .flatMap(seq -> messages.message(channel.id(), seq).stream())
                .filter(message -> !message.removed())
                .map(message -> commands.removed(channel, actor, message, reason))
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
        return roomStore.sanctions(channelId, clock.instant(), most);
    }
}
