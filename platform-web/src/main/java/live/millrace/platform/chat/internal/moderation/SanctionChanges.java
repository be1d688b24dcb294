// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.time.Clock;
import java.util.List;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.shared.AfterCommit;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What becomes of sanctions by itself: broadcasts end, and people come who were banned by name. */
@Component
class SanctionChanges {
    private final LiveRooms rooms;
    private final SanctionStore store;
    private final ModerationLog log;
    private final Channels channels;
    private final AfterCommit afterCommit;
    private final Clock clock;

    SanctionChanges(
            LiveRooms rooms,
            SanctionStore store,
            ModerationLog log,
            Channels channels,
            AfterCommit afterCommit,
            Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.log = log;
        this.channels = channels;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    /** A time-out for this broadcast ends with it. */
    @EventListener
    void on(LiveChanged event) {
        if (event.view().state() == LiveState.ENDED) {
            channels.find(event.view().channel())
                    .filter(channel -> store.liftOfBroadcast(channel.id(), clock.instant()))
                    .flatMap(channel -> rooms.loaded(channel.id()))
                    .ifPresent(this::freed);
        }
    }

    /** Some who could not write can again; their pages are told. */
    private void freed(Room room) {
        List<Sanction> before = room.sanctions();
        rooms.loadModeration(room);
        for (Sanction sanction : before) {
            Talker whom = sanction.whom();
            if (whom != null && room.sanction(whom, clock.instant()).isEmpty()) {
                log.tellPerson(room.channel(), new Target(whom, sanction.username()));
            }
        }
    }

    /** Whoever was banned by name before they came is banned when they come: in the transaction that makes the account. */
    @EventListener
    void on(AccountRegistered event) {
        List<Long> channelIds = store.bind(event.accountId(), event.username());
        afterCommit.run(() ->
                channelIds.stream().flatMap(id -> rooms.loaded(id).stream()).forEach(rooms::loadModeration));
    }
}
