// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.StoredComment;
import live.millrace.platform.chat.internal.OrderStore.Target;
import org.springframework.stereotype.Component;

/** What moderators do to messages. Within the transaction of an act. */
@Component
class MessageActs {
    private final ModeratedMessages messages;
    private final RoomLedger ledger;
    private final UndoStore undoing;
    private final Clock clock;

    MessageActs(ModeratedMessages messages, RoomLedger ledger, UndoStore undoing, Clock clock) {
        this.messages = messages;
        this.ledger = ledger;
        this.undoing = undoing;
        this.clock = clock;
    }

    ChatAction delete(Room room, AccountPrincipal principal, Act act, String reason) throws NotDoneException {
        long seq = act.seq() == null ? -1 : act.seq();
        StoredComment comment = messages.comment(room.channel().id(), seq)
                .filter(found -> !found.removed())
                .orElseThrow(() -> NotDoneException.because("gone"));
        return removed(room.channel(), principal.actor(), comment, reason);
    }

    ChatAction removed(ChannelView channel, Actor actor, StoredComment comment, String reason) {
        ChatAction action = ledger.record(
                channel,
                actor,
                "DELETE",
                new Target(comment.accountId(), comment.author()),
                comment.text(),
                reason,
                null);
        List<Long> gone = messages.remove(channel.id(), List.of(comment.seq()), action.id(), clock.instant());
        ledger.unpinIfGone(channel, action, gone);
        ledger.tell(channel, action, gone);
        return action;
    }

    ChatAction purge(Room room, AccountPrincipal principal, Target target, String reason) throws NotDoneException {
        if (target.accountId() == null) {
            throw NotDoneException.because("nobody");
        }
        Set<Long> whose = Set.of(target.accountId());
        ChatAction action = ledger.record(room.channel(), principal.actor(), "PURGE", target, "", reason, null);
        ledger.removeOf(room.channel(), action, whose);
        return action;
    }

    ChatAction clear(Room room, AccountPrincipal principal) {
        ChatAction action = ledger.record(room.channel(), principal.actor(), "CLEAR", Target.NOBODY, "", "", null);
        List<Long> gone = messages.removeFrom(room.channel().id(), room.firstSeq(), action.id(), clock.instant());
        ledger.unpinIfGone(room.channel(), action, gone);
        ledger.tell(room.channel(), action, gone);
        return action;
    }

    ChatAction pin(Room room, AccountPrincipal principal, Act act) throws NotDoneException {
        StoredComment comment = messages.comment(room.channel().id(), act.seq() == null ? -1 : act.seq())
                .filter(found -> !found.removed())
                .orElseThrow(() -> NotDoneException.because("gone"));
        ChatAction action = ledger.record(
                room.channel(),
                principal.actor(),
                "PIN",
                new Target(comment.accountId(), comment.author()),
                comment.text(),
                "",
                null);
        undoing.pin(room.channel().id(), comment.seq(), action.id());
        ledger.reload(room.channel());
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    ChatAction unpin(Room room, AccountPrincipal principal) {
        ChatAction action = ledger.record(room.channel(), principal.actor(), "UNPIN", Target.NOBODY, "", "", null);
        undoing.pin(room.channel().id(), null, action.id());
        ledger.reload(room.channel());
        ledger.tell(room.channel(), action, List.of());
        return action;
    }
}
