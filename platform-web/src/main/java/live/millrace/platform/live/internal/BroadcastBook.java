// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.BroadcastStarted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes broadcasts down. What a process that was killed left open is closed at the next start. */
@Component
class BroadcastBook implements InitializingBean {
    private static final Logger LOG = LoggerFactory.getLogger(BroadcastBook.class);

    private final BroadcastStore broadcasts;
    private final Channels channels;
    private final StreamKeys keys;
    private final org.springframework.beans.factory.ObjectProvider<Engine> engine;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    BroadcastBook(
            BroadcastStore broadcasts,
            Channels channels,
            StreamKeys keys,
            org.springframework.beans.factory.ObjectProvider<Engine> engine,
            TransactionTemplate transaction,
            ApplicationEventPublisher events,
            Clock clock) {
        this.broadcasts = broadcasts;
        this.channels = channels;
        this.keys = keys;
        this.engine = engine;
        this.transaction = transaction;
        this.events = events;
        this.clock = clock;
    }

    /** Before the engine starts, so that nothing of this process is closed. */
    @Override
    public void afterPropertiesSet() {
        Integer closed = transaction.execute(_ -> broadcasts.closeOpen(clock.instant()));
        if (closed != null && closed > 0) {
            LOG.info("Closed {} broadcasts that an earlier run left open", closed);
        }
    }

    @EventListener
    @Order(1)
    void on(LiveChanged event) {
        LiveView view = event.view();
        transaction.executeWithoutResult(_ -> {
            // One that began while the database was away is written down when it is first heard of.
            Optional<BroadcastStore.Broadcast> known = broadcasts.find(view.broadcastId());
            known.or(() -> begun(view)).ifPresent(broadcast -> {
                broadcasts.watchedBy(view.broadcastId(), view.viewers());
                Instant liveSince = view.liveSince();
                if (liveSince != null && broadcasts.wentLive(view.broadcastId(), liveSince)) {
                    channels.wasLive(broadcast.channelId(), liveSince);
                    noteProgram(view);
                    events.publishEvent(new BroadcastStarted(
                            broadcast.id(), broadcast.engineId(), broadcast.channelId(), view.channel(), liveSince));
                }
                if (view.state() == LiveState.ENDED) {
                    Instant now = clock.instant();
                    broadcasts.ended(view.broadcastId(), now);
                    if (liveSince != null) {
                        channels.wasLive(broadcast.channelId(), now);
                    }
                }
            });
        });
    }

    @TransactionalEventListener
    void on(ChannelEdited event) {
        channels.find(event.channelId())
                .ifPresent(channel -> transaction.executeWithoutResult(_ -> broadcasts.described(channel)));
    }

    /** By now its media have said what program it is, which the greeting seldom does. */
    private void noteProgram(LiveView view) {
        Long keyId = view.keyId();
        LiveView.Encoder encoder = view.encoder();
        if (keyId != null && encoder != null) {
            keys.used(keyId, encoder.name());
        }
    }

    private Optional<BroadcastStore.Broadcast> begun(LiveView view) {
        return channels.find(view.channel())
                .map(found -> broadcasts.begin(found, view.broadcastId(), view.startedAt()));
    }

    @Scheduled(fixedDelay = 15_000)
    void notePeaks() {
        for (LiveView view : engine.getObject().live()) {
            if (view.viewers() > 0) {
                transaction.executeWithoutResult(_ -> broadcasts.watchedBy(view.broadcastId(), view.viewers()));
            }
        }
    }
}
