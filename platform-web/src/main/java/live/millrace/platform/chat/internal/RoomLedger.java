// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.internal.OrderStore.Target;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes down what is done in a room, and tells it: to everybody what is gone, to keepers who did what, to a person what they may. */
@Component
class RoomLedger {
    private static final int MAX_EXCERPT = 200;

    private final LiveRooms rooms;
    private final OrderStore store;
    private final HeldTopic keepers;
    private final UndoStore undoing;
    private final PageSockets sockets;
    private final AfterCommit afterCommit;
    private final Clock clock;

    RoomLedger(
            LiveRooms rooms,
            OrderStore store,
            HeldTopic keepers,
            UndoStore undoing,
            PageSockets sockets,
            AfterCommit afterCommit,
            Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.keepers = keepers;
        this.undoing = undoing;
        this.sockets = sockets;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }

    ChatAction record(
            Room room,
            Actor actor,
            String kind,
            Target target,
            String excerpt,
            String reason,
            @Nullable Instant until) {
        Instant now = clock.instant();
        long id = store.addAction(
                room.channel().id(), actor, kind, target, cut(excerpt, MAX_EXCERPT), reason, until, now);
        return new ChatAction(
                id, actor.name(), kind, target.username(), cut(excerpt, MAX_EXCERPT), reason, until, now, false);
    }

    /** Tells the room which lines are gone, and those who keep it who did what, once that stands. */
    void tell(Room room, ChatAction action, List<Long> gone) {
        afterCommit.run(() -> tellNow(room, action, gone));
    }

    private void tellNow(Room room, ChatAction action, List<Long> gone) {
        List<Long> seqs = gone.stream().filter(seq -> seq >= room.firstSeq()).toList();
        if (!seqs.isEmpty()) {
            sockets.publish(
                    LiveRooms.topic(room.channel()), () -> room.mark(seqs, true), new ChatMessages.Removed(seqs));
        }
        keepers.acted(room, action, seqs);
    }

    void removeOf(Room room, ChatAction action, Set<Long> accountIds) {
        long channelId = room.channel().id();
        List<Long> gone = store.removeOf(channelId, accountIds, action.id(), clock.instant());
        undoing.takeHeld(channelId, List.copyOf(accountIds), action.id());
        unpinIfGone(room, action, gone);
        tell(room, action, gone);
        afterCommit.run(() -> keepers.changed(room));
    }

    void unpinIfGone(Room room, ChatAction action, List<Long> gone) {
        if (store.pinned(room.channel().id()).filter(gone::contains).isPresent()) {
            undoing.pin(room.channel().id(), null, action.id());
            reload(room);
        }
    }

    /** Reads again who may not write, the shield and the pinned line, once the transaction stands, and tells the room. */
    void reload(Room room) {
        afterCommit.run(() -> {
            rooms.loadOrder(room);
            rooms.tellRoom(room);
        });
    }

    /** Says to somebody's open pages what they may now. */
    void tellPerson(Room room, Target target) {
        Long accountId = target.accountId();
        if (accountId != null) {
            afterCommit.run(() -> sockets.tell(
                    LiveRooms.topic(room.channel()),
                    accountId,
                    new ChatMessages.You(
                            target.username(),
                            Set.of(),
                            room.sanction(accountId, clock.instant()).orElse(null))));
        }
    }
}
