// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes broadcasts down. What a process that was killed left open is closed at the next start. */
@Component
class BroadcastBook implements InitializingBean {
    private static final Logger LOG = LoggerFactory.getLogger(BroadcastBook.class);

    private final BroadcastRepository broadcasts;
    private final Channels channels;
    private final org.springframework.beans.factory.ObjectProvider<Engine> engine;
    private final TransactionTemplate transaction;
    private final Clock clock;

    BroadcastBook(
            BroadcastRepository broadcasts,
            Channels channels,
            org.springframework.beans.factory.ObjectProvider<Engine> engine,
            TransactionTemplate transaction,
            Clock clock) {
        this.broadcasts = broadcasts;
        this.channels = channels;
        this.engine = engine;
        this.transaction = transaction;
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
            if (event.began()) {
                Optional<ChannelView> channel = channels.find(view.channel());
                channel.ifPresent(found -> broadcasts.save(
                        new Broadcast(found.id(), view.broadcastId(), found.title(), view.startedAt())));
                return;
            }
            broadcasts.findByEngineId(view.broadcastId()).ifPresent(broadcast -> {
                broadcast.watchedBy(view.viewers());
                if (view.liveSince() != null) {
                    broadcast.wentLive(view.liveSince());
                }
                if (view.state() == LiveState.ENDED) {
                    broadcast.ended(clock.instant());
                }
                broadcasts.save(broadcast);
            });
        });
    }

    @Scheduled(fixedDelay = 15_000)
    void notePeaks() {
        for (LiveView view : engine.getObject().live()) {
            if (view.viewers() > 0) {
                transaction.executeWithoutResult(
                        _ -> broadcasts.findByEngineId(view.broadcastId()).ifPresent(broadcast -> {
                            broadcast.watchedBy(view.viewers());
                            broadcasts.save(broadcast);
                        }));
            }
        }
    }
}
