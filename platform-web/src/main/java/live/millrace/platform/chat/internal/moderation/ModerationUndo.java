// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationCommand.Kind;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.ChatEvents;
import live.millrace.platform.chat.internal.room.ChatMessage;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.RoomStore;
import live.millrace.platform.chat.internal.writing.HeldTopic;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.socket.PageSockets;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes back what was done in a room, whole and in one transaction: messages, sanctions and what they replaced, rights, the pinned
 * message. What somebody did after it stays: a message that a later action hit as well is that one's then, a newer pin is left
 * where it is.
 */
@Component
public class ModerationUndo {
    /** What a page shows is ten; an answer may take its time. */
    private static final Duration WITHIN = Duration.ofSeconds(15);

    private final LiveRooms rooms;
    private final RoomStore roomStore;
    private final ModerationStore store;
    private final UndoStore undoing;
    private final ModerationLog log;
    private final HeldTopic held;
    private final PageSockets sockets;
    private final AfterCommit afterCommit;
    private final Audit audit;
    private final Clock clock;

    ModerationUndo(
            LiveRooms rooms,
            RoomStore roomStore,
            ModerationStore store,
            UndoStore undoing,
            ModerationLog log,
            HeldTopic held,
            PageSockets sockets,
            AfterCommit afterCommit,
            Audit audit,
            Clock clock) {
        this.rooms = rooms;
        this.roomStore = roomStore;
        this.store = store;
        this.undoing = undoing;
        this.log = log;
        this.held = held;
        this.sockets = sockets;
        this.afterCommit = afterCommit;
        this.audit = audit;
        this.clock = clock;
    }

    /** Takes back what somebody did seconds ago. */
    @Transactional(rollbackFor = NotDoneException.class)
    public ChatAction undo(Room room, AccountPrincipal principal, long actionId) throws NotDoneException {
        ChannelView channel = room.channel();
        Set<ChatRight> rights = room.rights(principal);
        if (rights.isEmpty()) {
            throw NotDoneException.forbidden();
        }
        roomStore.lock(channel.id());
        Instant now = clock.instant();
        ChatAction undone = undoing.undo(channel.id(), actionId, principal.accountId(), now.minus(WITHIN), now)
                .orElseThrow(() -> NotDoneException.because("late"));
        Kind kind =
                Kind.of(undone.kind()).filter(Kind::undoable).orElseThrow(() -> NotDoneException.because("lasting"));
        if (!rights.contains(kind.right())) {
            throw NotDoneException.forbidden();
        }
        reverse(channel, undone, now);
        if (principal.staff()) {
            audit.add(
                    principal.actor(),
                    "chat.undo",
                    channel.name() + (undone.target().isEmpty() ? "" : " / " + undone.named()),
                    null,
                    undone.reason(),
                    undone.kind());
        }
        return undone;
    }

    /** Takes back an action whoever did it, however long ago; within a transaction. Answers whether it was still in force. */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean putBack(ChannelView channel, long actionId) {
        roomStore.lock(channel.id());
        Instant now = clock.instant();
        return undoing.undo(channel.id(), actionId, null, Instant.EPOCH, now)
                .map(undone -> {
                    reverse(channel, undone, now);
                    return true;
                })
                .orElse(false);
    }

    private void reverse(ChannelView channel, ChatAction undone, Instant now) {
        long channelId = channel.id();
        undoing.giveBackSanctions(channelId, undone.id(), now);
        List<Long> back = undoing.giveBackMessages(channelId, undone.id());
        boolean waits = undoing.giveBackHeld(undone.id());
        undoing.giveBackPin(channelId, undone.id());
        boolean moderates = undoing.giveBackRights(channelId, undone.id());
        afterCommit.run(() -> {
            // A commit whose answer was lost may not have been made: then what is gone stays gone.
            if (!store.inForce(undone.id())) {
                rooms.loaded(channelId).ifPresent(room -> tell(room, undone, back, waits, moderates));
                held.acted(channel, undone, List.of());
            }
        });
    }

    private void tell(Room room, ChatAction undone, List<Long> back, boolean waits, boolean moderates) {
        Map<Talker, Sanction> before = byTalker(room);
        if (moderates) {
            rooms.changed(room.channel().id());
        } else {
            log.reload(room.channel());
        }
        List<ChatMessage> messages = room.mark(back, false);
        if (!messages.isEmpty()) {
            sockets.publish(LiveRooms.topic(room.channel()), new ChatEvents.Restored(messages));
        }
        Map<Talker, Sanction> after = byTalker(room);
        Map<Talker, Sanction> touched = new HashMap<>(before);
        touched.putAll(after);
        touched.forEach((talker, sanction) -> {
            if (!Objects.equals(before.get(talker), after.get(talker))) {
                log.tellPerson(room.channel(), new Target(talker, sanction.username()));
            }
            // Their pages come back and are told anew what they may.
            if (moderates
                    && talker instanceof Talker.Person(long accountId)
                    && sanction.username().equals(undone.target())) {
                sockets.disconnect(accountId);
            }
        });
        if (waits) {
            held.changed(room);
        }
    }

    private static Map<Talker, Sanction> byTalker(Room room) {
        Map<Talker, Sanction> sanctions = new HashMap<>();
        for (Sanction sanction : room.sanctions()) {
            if (sanction.whom() != null) {
                sanctions.put(sanction.whom(), sanction);
            }
        }
        return sanctions;
    }
}
