// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.RoomStore;
import live.millrace.platform.chat.internal.room.Shield;
import live.millrace.platform.chat.internal.writing.RoomFlooded;
import live.millrace.platform.shared.AfterCommit;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The shield of a room against raids: raised by hand or by a flood, lowered, and the raid banned behind it. */
@Component
class RaidShield {
    static final Duration BY_HAND_FOR = Duration.ofHours(1);

    private static final Duration BY_ITSELF_FOR = Duration.ofMinutes(10);

    /** A raid begins before somebody raises the shield. Not long: who came new and wrote earlier is none of it. */
    private static final Duration RAID_BEFORE_SHIELD = Duration.ofMinutes(2);

    private final RoomStore store;
    private final SanctionStore sanctions;
    private final ModerationLog log;
    private final AfterCommit afterCommit;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Set<Long> raising = ConcurrentHashMap.newKeySet();

    RaidShield(
            RoomStore store,
            SanctionStore sanctions,
            ModerationLog log,
            AfterCommit afterCommit,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.sanctions = sanctions;
        this.log = log;
        this.afterCommit = afterCommit;
        this.transaction = transaction;
        this.clock = clock;
    }

    ChatAction raise(Room room, Actor actor, Duration length, String kind) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            store.lock(room.channel().id());
            Instant now = clock.instant();
            Instant until = now.plus(length);
            ChatAction action = log.record(room.channel(), actor, kind, Target.NOBODY, "", "", until);
            Shield shield = store.shield(room.channel().id());
            store.raise(room.channel().id(), shield.up(now) && shield.since() != null ? shield.since() : now, until);
            log.reload(room.channel());
            log.tell(room.channel(), action, List.of());
            return action;
        }));
    }

    ChatAction lower(Room room, Actor actor) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            store.lock(room.channel().id());
            ChatAction action = log.record(room.channel(), actor, "SHIELD_OFF", Target.NOBODY, "", "", null);
            store.raise(room.channel().id(), null, null);
            log.reload(room.channel());
            log.tell(room.channel(), action, List.of());
            return action;
        }));
    }

    /** Raises the shield because the room is flooded. */
    @EventListener
    void on(RoomFlooded flooded) {
        Room room = flooded.room();
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

    /** Within the transaction of a command. */
    ChatAction sweep(Room room, AccountPrincipal principal) throws NotDoneException {
        Instant now = clock.instant();
        Shield shield = room.shield();
        if (!shield.up(now)) {
            throw NotDoneException.because("shield");
        }
        Instant since = (shield.since() == null ? now : shield.since()).minus(RAID_BEFORE_SHIELD);
        ChatAction action = log.record(room.channel(), principal.actor(), "SWEEP", Target.NOBODY, "", "", null);
        Set<Talker> swept = sanctions.sweep(room.channel().id(), since, shield.hours(), action.id(), now).stream()
                .map(Talker.Person::new)
                .collect(Collectors.toUnmodifiableSet());
        log.reload(room.channel());
        ChatAction told = new ChatAction(
                action.id(), action.actor(), "SWEEP", "", false, Integer.toString(swept.size()), "", null, now, false);
        log.removeOf(room.channel(), told, swept);
        afterCommit.run(() -> {
            for (Talker raider : swept) {
                room.sanction(raider, now)
                        .ifPresent(sanction -> log.tellPerson(room.channel(), new Target(raider, sanction.username())));
            }
        });
        return told;
    }
}
