// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.internal.OrderStore.Target;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What moderators do to people. Within the transaction of an act. */
@Component
class SanctionActs {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final LiveRooms rooms;
    private final SanctionStore store;
    private final RoomLedger ledger;
    private final Targets targets;
    private final UndoStore undoing;
    private final PageSockets sockets;
    private final ObjectProvider<Engine> engine;
    private final AfterCommit afterCommit;
    private final Clock clock;

    SanctionActs(
            LiveRooms rooms,
            SanctionStore store,
            RoomLedger ledger,
            Targets targets,
            UndoStore undoing,
            PageSockets sockets,
            ObjectProvider<Engine> engine,
            AfterCommit afterCommit,
            Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.ledger = ledger;
        this.targets = targets;
        this.undoing = undoing;
        this.sockets = sockets;
        this.engine = engine;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    ChatAction timeOut(Room room, AccountPrincipal principal, Act act, String reason) throws NotDoneException {
        Target target = targets.of(room, principal, act);
        boolean broadcast = Boolean.TRUE.equals(act.broadcast());
        if (broadcast && engine.getObject().live(room.channel().name()).isEmpty()) {
            throw NotDoneException.because("offline");
        }
        long seconds = act.seconds() == null ? 0 : act.seconds();
        if (!broadcast && (seconds < 1 || seconds > LONGEST.toSeconds())) {
            throw NotDoneException.because("length");
        }
        Instant until = broadcast ? null : clock.instant().plusSeconds(seconds);
        return sanction(room, principal, "TIMEOUT", target, Sanction.Kind.TIMEOUT, until, broadcast, reason);
    }

    /** A moderator who is banned is none any more. */
    ChatAction ban(Room room, AccountPrincipal principal, Act act, String reason) throws NotDoneException {
        Target target = targets.of(room, principal, act);
        ChatAction action = sanction(room, principal, "BAN", target, Sanction.Kind.BAN, null, false, reason);
        Long accountId = target.accountId();
        long channelId = room.channel().id();
        if (accountId != null && undoing.takeRights(channelId, accountId, action.id())) {
            afterCommit.run(() -> {
                rooms.changed(channelId);
                sockets.disconnect(accountId);
            });
        }
        return action;
    }

    private ChatAction sanction(
            Room room,
            AccountPrincipal principal,
            String name,
            Target target,
            Sanction.Kind kind,
            @Nullable Instant until,
            boolean broadcast,
            String reason) {
        ChatAction action = ledger.record(room.channel(), principal.actor(), name, target, "", reason, until);
        store.sanction(
                room.channel().id(),
                new Sanction(target.accountId(), target.username(), kind, until, broadcast, reason),
                action.id(),
                clock.instant());
        afterCommit.run(() -> rooms.loadOrder(room));
        Long accountId = target.accountId();
        if (accountId != null && kind == Sanction.Kind.BAN) {
            ledger.removeOf(room.channel(), action, Set.of(accountId));
        } else {
            ledger.tell(room.channel(), action, List.of());
        }
        ledger.tellPerson(room.channel(), target);
        return action;
    }

    ChatAction unban(Room room, AccountPrincipal principal, Act act) throws NotDoneException {
        Target target = targets.of(room, principal, act);
        ChatAction action = ledger.record(room.channel(), principal.actor(), "UNBAN", target, "", "", null);
        if (!store.lift(room.channel().id(), target.username(), action.id(), clock.instant())) {
            throw NotDoneException.because("free");
        }
        afterCommit.run(() -> rooms.loadOrder(room));
        ledger.tell(room.channel(), action, List.of());
        ledger.tellPerson(room.channel(), target);
        return action;
    }

    ChatAction warn(Room room, AccountPrincipal principal, Target target, String reason) throws NotDoneException {
        if (target.accountId() == null) {
            throw NotDoneException.because("nobody");
        }
        if (reason.isEmpty()) {
            throw NotDoneException.because("reason");
        }
        ChatAction action = ledger.record(room.channel(), principal.actor(), "WARN", target, "", reason, null);
        long accountId = target.accountId();
        ledger.once(
                action,
                () -> sockets.tell(LiveRooms.topic(room.channel()), accountId, new ChatMessages.Warned(reason)));
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    ChatAction note(Room room, AccountPrincipal principal, Target target, String reason) throws NotDoneException {
        if (target.accountId() == null) {
            throw NotDoneException.because("nobody");
        }
        if (reason.isEmpty()) {
            throw NotDoneException.because("reason");
        }
        ChatAction action = ledger.record(room.channel(), principal.actor(), "NOTE", target, "", reason, null);
        ledger.tell(room.channel(), action, List.of());
        return action;
    }
}
