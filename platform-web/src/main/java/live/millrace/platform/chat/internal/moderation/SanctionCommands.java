// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What moderators do to people. Within the transaction of a command. */
@Component
class SanctionCommands {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final LiveRooms rooms;
    private final SanctionStore store;
    private final ModerationLog log;
    private final Targets targets;
    private final UndoStore undoing;
    private final PageSockets sockets;
    private final ObjectProvider<Engine> engine;
    private final AfterCommit afterCommit;
    private final Clock clock;

    SanctionCommands(
            LiveRooms rooms,
            SanctionStore store,
            ModerationLog log,
            Targets targets,
            UndoStore undoing,
            PageSockets sockets,
            ObjectProvider<Engine> engine,
            AfterCommit afterCommit,
            Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.log = log;
        this.targets = targets;
        this.undoing = undoing;
        this.sockets = sockets;
        this.engine = engine;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    ChatAction timeOut(Room room, AccountPrincipal principal, ModerationCommand command, String reason)
            throws NotDoneException {
        Target target = targets.present(room, principal, command);
        boolean broadcast = Boolean.TRUE.equals(command.broadcast());
        if (broadcast && engine.getObject().live(room.channel().name()).isEmpty()) {
            throw NotDoneException.because("offline");
        }
        long seconds = command.seconds() == null ? 0 : command.seconds();
        if (!broadcast && (seconds < 1 || seconds > LONGEST.toSeconds())) {
            throw NotDoneException.because("length");
        }
        Instant until = broadcast ? null : clock.instant().plusSeconds(seconds);
        return sanction(room, principal, "TIMEOUT", target, Sanction.Kind.TIMEOUT, until, broadcast, reason);
    }

    /** A moderator who is banned is none any more; a guest is off the list, so that they see nothing more of the channel either. */
    ChatAction ban(Room room, AccountPrincipal principal, ModerationCommand command, String reason)
            throws NotDoneException {
        Target target = targets.present(room, principal, command);
        ChatAction action = sanction(room, principal, "BAN", target, Sanction.Kind.BAN, null, false, reason);
        long channelId = room.channel().id();
        if (target.whom() instanceof Talker.Invited guest) {
            // After what they said is gone: what they wrote and nobody saw yet is kept with the ban.
            undoing.takePlace(channelId, guest.guestId());
        }
        if (target.whom() instanceof Talker.Person(long accountId)
                && undoing.takeRights(channelId, accountId, action.id())) {
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
            String reason)
            throws NotDoneException {
        mayChange(room, principal, target);
        ChatAction action = log.record(room.channel(), principal.actor(), name, target, "", reason, until);
        store.sanction(
                room.channel().id(),
                new Sanction(target.whom(), target.username(), kind, until, broadcast, reason),
                action.id(),
                clock.instant());
        afterCommit.run(() -> rooms.loadModeration(room));
        if (target.whom() != null && kind == Sanction.Kind.BAN) {
            log.removeOf(room.channel(), action, Set.of(target.whom()));
        } else {
            log.tell(room.channel(), action, List.of());
        }
        log.tellPerson(room.channel(), target);
        return action;
    }

    /** What one of the site's staff did is neither shortened nor lifted by anybody below them. */
    private void mayChange(Room room, AccountPrincipal principal, Target target) throws NotDoneException {
        if (store.standsAbove(principal.role(), room.channel().id(), target.username(), clock.instant())) {
            throw NotDoneException.because("stands");
        }
    }

    ChatAction unban(Room room, AccountPrincipal principal, ModerationCommand command) throws NotDoneException {
        Target target = targets.of(room, principal, command);
        mayChange(room, principal, target);
        ChatAction action = log.record(room.channel(), principal.actor(), "UNBAN", target, "", "", null);
        if (!store.lift(room.channel().id(), target.username(), action.id(), clock.instant())) {
            throw NotDoneException.because("free");
        }
        undoing.givePlaceBack(room.channel().id(), action.id());
        afterCommit.run(() -> rooms.loadModeration(room));
        log.tell(room.channel(), action, List.of());
        log.tellPerson(room.channel(), target);
        return action;
    }

    ChatAction warn(Room room, AccountPrincipal principal, Target target, String reason) throws NotDoneException {
        Talker whom = target.whom();
        if (whom == null) {
            throw NotDoneException.because("nobody");
        }
        if (reason.isEmpty()) {
            throw NotDoneException.because("reason");
        }
        ChatAction action = log.record(room.channel(), principal.actor(), "WARN", target, "", reason, null);
        log.warn(room.channel(), action, whom);
        log.tell(room.channel(), action, List.of());
        return action;
    }

    ChatAction note(Room room, AccountPrincipal principal, Target target, String reason) throws NotDoneException {
        Talker whom = target.whom();
        if (whom == null) {
            throw NotDoneException.because("nobody");
        }
        if (reason.isEmpty()) {
            throw NotDoneException.because("reason");
        }
        ChatAction action = log.record(room.channel(), principal.actor(), "NOTE", target, "", reason, null);
        log.tell(room.channel(), action, List.of());
        return action;
    }
}
