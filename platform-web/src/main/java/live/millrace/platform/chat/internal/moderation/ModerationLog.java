// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.ChatEvents;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.RoomStore;
import live.millrace.platform.chat.internal.room.Talkers;
import live.millrace.platform.chat.internal.writing.HeldTopic;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes down what is done in a room, and tells it: to everybody what is gone, to moderators who did what, to a person what they
 * may. The room itself is looked for when the transaction is over: whoever loads it may wait for a connection, and is not waited
 * for with one in hand.
 */
@Component
class ModerationLog {
    private static final int MAX_EXCERPT = 200;

    private final LiveRooms rooms;
    private final RoomStore roomStore;
    private final ModerationStore store;
    private final ModeratedMessages messages;
    private final HeldTopic held;
    private final UndoStore undoing;
    private final PageSockets sockets;
    private final Talkers talkers;
    private final AfterCommit afterCommit;
    private final Clock clock;

    ModerationLog(
            LiveRooms rooms,
            RoomStore roomStore,
            ModerationStore store,
            ModeratedMessages messages,
            HeldTopic held,
            UndoStore undoing,
            PageSockets sockets,
            Talkers talkers,
            AfterCommit afterCommit,
            Clock clock) {
        this.rooms = rooms;
        this.roomStore = roomStore;
        this.store = store;
        this.messages = messages;
        this.held = held;
        this.undoing = undoing;
        this.sockets = sockets;
        this.talkers = talkers;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }

    ChatAction record(
            ChannelView channel,
            Actor actor,
            String kind,
            Target target,
            String excerpt,
            String reason,
            @Nullable Instant until) {
        Instant now = clock.instant();
        long id = store.addAction(channel.id(), actor, kind, target, cut(excerpt, MAX_EXCERPT), reason, until, now);
        return new ChatAction(
                id,
                actor.name(),
                kind,
                target.name(),
                target.guest(),
                cut(excerpt, MAX_EXCERPT),
                reason,
                until,
                now,
                false);
    }

    /** Tells the room which messages are gone, and its moderators who did what, once that stands. */
    void tell(ChannelView channel, ChatAction action, List<Long> gone) {
        once(action, () -> tellNow(channel, action, gone));
    }

    private void tellNow(ChannelView channel, ChatAction action, List<Long> gone) {
        List<Long> seqs =
                rooms.loaded(channel.id()).map(room -> removed(room, gone)).orElse(List.of());
        held.acted(channel, action, seqs);
    }

    private List<Long> removed(Room room, List<Long> gone) {
        List<Long> seqs = gone.stream().filter(seq -> seq >= room.firstSeq()).toList();
        if (!seqs.isEmpty()) {
            sockets.publish(LiveRooms.topic(room.channel()), () -> room.mark(seqs, true), new ChatEvents.Removed(seqs));
        }
        return seqs;
    }

    /** Does something once an action stands, and only if it does: a commit whose answer was lost may not have been made. */
    void once(ChatAction action, Runnable work) {
        afterCommit.run(() -> {
            if (store.recorded(action.id())) {
                work.run();
            }
        });
    }

    /** Says to somebody's open pages why they are warned. */
    void warn(ChannelView channel, ChatAction action, Talker whom) {
        once(action, () -> talkers.tell(channel, whom, new ChatEvents.Warned(action.reason())));
    }

    void removeOf(ChannelView channel, ChatAction action, Set<? extends Talker> whose) {
        long channelId = channel.id();
        List<Long> gone = messages.removeOf(channelId, whose, action.id(), clock.instant());
        undoing.takeHeld(channelId, whose, action.id());
        unpinIfGone(channel, action, gone);
        tell(channel, action, gone);
        afterCommit.run(() -> rooms.loaded(channelId).ifPresent(held::changed));
    }

    void unpinIfGone(ChannelView channel, ChatAction action, List<Long> gone) {
        if (roomStore.pinned(channel.id()).filter(gone::contains).isPresent()) {
            undoing.pin(channel.id(), null, action.id());
            reload(channel);
        }
    }

    /** Reads again who may not write, the shield and the pinned message, once the transaction stands, and tells the room. */
    void reload(ChannelView channel) {
        afterCommit.run(() -> rooms.loaded(channel.id()).ifPresent(room -> {
            rooms.loadModeration(room);
            rooms.tellRoom(room);
        }));
    }

    /** Says to somebody's open pages what they may now. */
    void tellPerson(ChannelView channel, Target target) {
        Talker whom = target.whom();
        if (whom != null) {
            afterCommit.run(() -> rooms.loaded(channel.id()).ifPresent(room -> {
                Sanction sanction = room.sanction(whom, clock.instant()).orElse(null);
                talkers.tell(
                        channel,
                        whom,
                        whom instanceof Talker.Invited guest
                                ? new ChatEvents.You(guest, sanction)
                                : new ChatEvents.You(target.username(), Set.of(), sanction));
            }));
        }
    }
}
