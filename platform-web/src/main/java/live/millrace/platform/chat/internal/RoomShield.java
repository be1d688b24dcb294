// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.internal.OrderStore.Target;
import live.millrace.platform.shared.AfterCommit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The shield of a room against raids: raised by hand or by a flood, lowered, and the raid banned behind it. */
@Component
class RoomShield {
    static final Duration BY_HAND_FOR = Duration.ofHours(1);

    private static final Duration BY_ITSELF_FOR = Duration.ofMinutes(10);

    /** A raid begins before somebody raises the shield. Not long: who came new and wrote earlier is none of it. */
    private static final Duration RAID_BEFORE_SHIELD = Duration.ofMinutes(2);

    private final OrderStore store;
    private final SanctionStore sanctions;
    private final RoomLedger ledger;
    private final AfterCommit afterCommit;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Set<Long> raising = ConcurrentHashMap.newKeySet();

    RoomShield(
            OrderStore store,
            SanctionStore sanctions,
            RoomLedger ledger,
            AfterCommit afterCommit,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.sanctions = sanctions;
        this.ledger = ledger;
        this.afterCommit = afterCommit;
        this.transaction = transaction;
        this.clock = clock;
    }

    ChatAction raise(Room room, Actor actor, Duration length, String kind) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            store.lock(room.channel().id());
            Instant now = clock.instant();
            Instant until = now.plus(length);
            ChatAction action = ledger.record(room.channel(), actor, kind, Target.NOBODY, "", "", until);
            OrderStore.Shield shield = store.shield(room.channel().id());
            store.raise(room.channel().id(), shield.up(now) && shield.since() != null ? shield.since() : now, until);
            ledger.reload(room.channel());
            ledger.tell(room.channel(), action, List.of());
            return action;
        }));
    }

    ChatAction lower(Room room, Actor actor) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            store.lock(room.channel().id());
            ChatAction action = ledger.record(room.channel(), actor, "SHIELD_OFF", Target.NOBODY, "", "", null);
            store.raise(room.channel().id(), null, null);
            ledger.reload(room.channel());
            ledger.tell(room.channel(), action, List.of());
            return action;
        }));
    }

    /** Raises the shield because the room is flooded. */
    void flooded(Room room) {
        long channelId = room.channel().id();
        // By one of those who noticed. No lock of the room: telling it takes the topic's, which asks for the room's in
        // turn.
        if (raising.add(channelId)) {
            try {
                if (room.shield().auto() && !room.shield().up(clock.instant())) {
                    raise(room, Actor.SITE, BY_ITSELF_FOR, "SHIELD_AUTO");
                }
            } finally {
                raising.remove(channelId);
            }
        }
    }

    /** Within the transaction of an act. */
    ChatAction sweep(Room room, AccountPrincipal principal) throws NotDoneException {
        Instant now = clock.instant();
        OrderStore.Shield shield = room.shield();
        if (!shield.up(now)) {
            throw NotDoneException.because("shield");
        }
        Instant since = (shield.since() == null ? now : shield.since()).minus(RAID_BEFORE_SHIELD);
        ChatAction action = ledger.record(room.channel(), principal.actor(), "SWEEP", Target.NOBODY, "", "", null);
        Set<Long> swept = sanctions.sweep(room.channel().id(), since, shield.hours(), action.id(), now);
        ledger.reload(room.channel());
        ChatAction told = new ChatAction(
                action.id(), action.actor(), "SWEEP", "", Integer.toString(swept.size()), "", null, now, false);
        ledger.removeOf(room.channel(), told, swept);
        afterCommit.run(() -> {
            for (long accountId : swept) {
                room.sanction(accountId, now)
                        .ifPresent(sanction ->
                                ledger.tellPerson(room.channel(), new Target(accountId, sanction.username())));
            }
        });
        return told;
    }
}
