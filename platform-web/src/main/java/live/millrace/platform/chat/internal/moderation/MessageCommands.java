// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.MessageHistory;
import live.millrace.platform.chat.internal.room.Room;
import org.springframework.stereotype.Component;

/** What moderators do to messages. Within the transaction of a command. */
@Component
class MessageCommands {
    private final MessageHistory history;
    private final ModeratedMessages messages;
    private final ModerationLog log;
    private final UndoStore undoing;
    private final Clock clock;

    MessageCommands(
            MessageHistory history, ModeratedMessages messages, ModerationLog log, UndoStore undoing, Clock clock) {
        this.history = history;
        this.messages = messages;
        this.log = log;
        this.undoing = undoing;
        this.clock = clock;
    }

    ChatAction delete(Room room, AccountPrincipal principal, ModerationCommand command, String reason)
            throws NotDoneException {
        long seq = command.seq() == null ? -1 : command.seq();
        StoredMessage message = history.message(room.channel().id(), seq)
                .filter(found -> !found.removed())
                .orElseThrow(() -> NotDoneException.because("gone"));
        return removed(room.channel(), principal.actor(), message, reason);
    }

    ChatAction removed(ChannelView channel, Actor actor, StoredMessage message, String reason) {
        ChatAction action = log.record(channel, actor, "DELETE", Target.by(message), message.text(), reason, null);
        List<Long> gone = messages.remove(channel.id(), List.of(message.seq()), action.id(), clock.instant());
        log.unpinIfGone(channel, action, gone);
        log.tell(channel, action, gone);
        return action;
    }

    ChatAction purge(Room room, AccountPrincipal principal, Target target, String reason) throws NotDoneException {
        Talker whom = target.whom();
        if (whom == null) {
            throw NotDoneException.because("nobody");
        }
        ChatAction action = log.record(room.channel(), principal.actor(), "PURGE", target, "", reason, null);
        log.removeOf(room.channel(), action, Set.of(whom));
        return action;
    }

    ChatAction clear(Room room, AccountPrincipal principal) {
        ChatAction action = log.record(room.channel(), principal.actor(), "CLEAR", Target.NOBODY, "", "", null);
        List<Long> gone = messages.removeFrom(room.channel().id(), room.firstSeq(), action.id(), clock.instant());
        log.unpinIfGone(room.channel(), action, gone);
        log.tell(room.channel(), action, gone);
        return action;
    }

    ChatAction pin(Room room, AccountPrincipal principal, ModerationCommand command) throws NotDoneException {
        StoredMessage message = history.message(room.channel().id(), command.seq() == null ? -1 : command.seq())
                .filter(found -> !found.removed())
                .orElseThrow(() -> NotDoneException.because("gone"));
        ChatAction action =
                log.record(room.channel(), principal.actor(), "PIN", Target.by(message), message.text(), "", null);
        undoing.pin(room.channel().id(), message.seq(), action.id());
        log.reload(room.channel());
        log.tell(room.channel(), action, List.of());
        return action;
    }

    ChatAction unpin(Room room, AccountPrincipal principal) {
        ChatAction action = log.record(room.channel(), principal.actor(), "UNPIN", Target.NOBODY, "", "", null);
        undoing.pin(room.channel().id(), null, action.id());
        log.reload(room.channel());
        log.tell(room.channel(), action, List.of());
        return action;
    }
}
