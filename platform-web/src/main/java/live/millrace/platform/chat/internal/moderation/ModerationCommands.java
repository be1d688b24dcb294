// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.util.Locale;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.internal.moderation.ModerationCommand.Kind;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.RoomStore;
import live.millrace.platform.chat.internal.text.MessageText;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Does what moderators want: what is done is stored with who did it in one transaction that holds the room, then told to every open
 * page. Much of it can be undone by its author for some seconds, see {@link ModerationUndo}.
 */
@Service
public class ModerationCommands {
    private static final int MAX_REASON = 300;

    private final RoomStore store;
    private final Targets targets;
    private final MessageCommands messages;
    private final SanctionCommands sanctions;
    private final RuleCommands rules;
    private final RaidShield shield;
    private final Audit audit;

    ModerationCommands(
            RoomStore store,
            Targets targets,
            MessageCommands messages,
            SanctionCommands sanctions,
            RuleCommands rules,
            RaidShield shield,
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
    public ChatAction run(Room room, AccountPrincipal principal, ModerationCommand command) throws NotDoneException {
        ChannelView channel = room.channel();
        Set<ChatRight> rights = room.rights(principal);
        Kind kind = Kind.of(command.kind()).orElseThrow(() -> NotDoneException.because("unknown"));
        if (!rights.contains(kind.right())) {
            throw NotDoneException.forbidden();
        }
        store.lock(channel.id());
        String reason =
                ModerationLog.cut(MessageText.clean(command.reason() == null ? "" : command.reason()), MAX_REASON);
        ChatAction action = switch (kind) {
            case DELETE -> messages.delete(room, principal, command, reason);
            case PURGE -> messages.purge(room, principal, targets.of(room, principal, command), reason);
            case PIN -> messages.pin(room, principal, command);
            case UNPIN -> messages.unpin(room, principal);
            case TIMEOUT -> sanctions.timeOut(room, principal, command, reason);
            case BAN -> sanctions.ban(room, principal, command, reason);
            case UNBAN -> sanctions.unban(room, principal, command);
            case WARN -> sanctions.warn(room, principal, targets.present(room, principal, command), reason);
            case NOTE -> sanctions.note(room, principal, targets.of(room, principal, command), reason);
            case SLOW, FOLLOWERS -> rules.rule(room, principal, kind, command);
            case CLEAR -> messages.clear(room, principal);
            case SHIELD ->
                Boolean.TRUE.equals(command.on())
                        ? shield.raise(room, principal.actor(), RaidShield.BY_HAND_FOR, "SHIELD_ON")
                        : shield.lower(room, principal.actor());
            case SWEEP -> shield.sweep(room, principal);
            case TITLE -> rules.title(room, principal, reason);
            case MARKER -> rules.marker(room, principal, reason);
        };
        if (principal.staff()) {
            audit.add(
                    principal.actor(),
                    "chat." + kind.name().toLowerCase(Locale.ROOT),
                    channel.name() + (action.target().isEmpty() ? "" : " / " + action.named()),
                    null,
                    action.reason(),
                    action.excerpt());
        }
        return action;
    }
}
