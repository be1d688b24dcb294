// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.util.Locale;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.internal.Act.Kind;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Does what moderators want: what is done is stored with who did it in one transaction that holds the room, then told to every open
 * page. Much of it can be undone by its author for some seconds, see {@link RoomUndo}.
 */
@Service
class RoomActs {
    private static final int MAX_REASON = 300;

    private final OrderStore store;
    private final Targets targets;
    private final MessageActs messages;
    private final SanctionActs sanctions;
    private final RuleActs rules;
    private final RoomShield shield;
    private final Audit audit;

    RoomActs(
            OrderStore store,
            Targets targets,
            MessageActs messages,
            SanctionActs sanctions,
            RuleActs rules,
            RoomShield shield,
            Audit audit) {
        this.store = store;
        this.targets = targets;
        this.messages = messages;
        this.sanctions = sanctions;
        this.rules = rules;
        this.shield = shield;
        this.audit = audit;
    }

    /**
     * Does what somebody wants. The room is loaded before: whoever waits for it holds no connection.
     *
     * @throws NotDoneException when it cannot be, or this person may not
     */
    @Transactional(rollbackFor = NotDoneException.class)
    ChatAction act(Room room, AccountPrincipal principal, Act act) throws NotDoneException {
        ChannelView channel = room.channel();
        Set<ChatRight> rights = room.rights(principal);
        Kind kind = Kind.of(act.kind()).orElseThrow(() -> NotDoneException.because("unknown"));
        if (!rights.contains(kind.right())) {
            throw NotDoneException.forbidden();
        }
        store.lock(channel.id());
        String reason = RoomLedger.cut(LineText.clean(act.reason() == null ? "" : act.reason()), MAX_REASON);
        ChatAction action = switch (kind) {
            case DELETE -> messages.delete(room, principal, act, reason);
            case PURGE -> messages.purge(room, principal, targets.of(room, principal, act), reason);
            case PIN -> messages.pin(room, principal, act);
            case UNPIN -> messages.unpin(room, principal);
            case TIMEOUT -> sanctions.timeOut(room, principal, act, reason);
            case BAN -> sanctions.ban(room, principal, act, reason);
            case UNBAN -> sanctions.unban(room, principal, act);
            case WARN -> sanctions.warn(room, principal, targets.of(room, principal, act), reason);
            case NOTE -> sanctions.note(room, principal, targets.of(room, principal, act), reason);
            case SLOW, FOLLOWERS -> rules.rule(room, principal, kind, act);
            case CLEAR -> messages.clear(room, principal);
            case SHIELD ->
                Boolean.TRUE.equals(act.on())
                        ? shield.raise(room, principal.actor(), RoomShield.BY_HAND_FOR, "SHIELD_ON")
                        : shield.lower(room, principal.actor());
            case SWEEP -> shield.sweep(room, principal);
            case TITLE -> rules.title(room, principal, reason);
        };
        if (principal.staff()) {
            audit.add(
                    principal.actor(),
                    "chat." + kind.name().toLowerCase(Locale.ROOT),
                    channel.name() + (action.target().isEmpty() ? "" : " / " + action.target()),
                    null,
                    action.reason(),
                    action.excerpt());
        }
        return action;
    }
}
