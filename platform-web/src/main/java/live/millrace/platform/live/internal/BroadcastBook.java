// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.BroadcastLeft;
import live.millrace.platform.live.BroadcastStarted;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes broadcasts down. One outlives its process: what was open when a process began waits for its encoder as long as any broadcast does
 * from when encoders can come, and is over when none came.
 */
@Component
class BroadcastBook implements InitializingBean {
    private static final Logger LOG = LoggerFactory.getLogger(BroadcastBook.class);

    /** Nobody waits for what was on air longer ago: whoever comes then begins anew. */
    static final Duration MOST_AWAY = Duration.ofHours(1);

    /** Between the beginning of a process and when its engine says that encoders can come. */
    private static final Duration STARTING = Duration.ofHours(1);

    private final BroadcastStore broadcasts;
    private final Channels channels;
    private final StreamKeys keys;
    private final ObjectProvider<Engine> engine;
    private final Thumbnails thumbnails;
    private final DatabaseState database;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    BroadcastBook(
            BroadcastStore broadcasts,
            Channels channels,
            StreamKeys keys,
            ObjectProvider<Engine> engine,
            Thumbnails thumbnails,
            DatabaseState database,
            TransactionTemplate transaction,
            ApplicationEventPublisher events,
            Clock clock) {
        this.broadcasts = broadcasts;
        this.channels = channels;
        this.keys = keys;
        this.engine = engine;
        this.thumbnails = thumbnails;
        this.database = database;
        this.transaction = transaction;
        this.events = events;
        this.clock = clock;
    }

    // ---- between processes ------------------------------------------------------------------------------------

    /** Before the engine starts, so that nothing of this process waits. */
    @Override
    public void afterPropertiesSet() {
        Instant now = clock.instant();
        transaction.executeWithoutResult(_ -> {
            int left = broadcasts.waitUntil(now.plus(STARTING));
            int over = close(broadcasts.closeOverdue(now, now.minus(MOST_AWAY)));
            if (left > 0) {
                LOG.info("An earlier run left {} broadcasts open: {} wait for their encoders", left, left - over);
            }
        });
    }

    /** Before anything is fetched. */
    @EventListener
    @Order(1)
    void on(EngineStarted event) {
        transaction.executeWithoutResult(
                _ -> broadcasts.waitUntil(clock.instant().plus(event.grace())));
    }

    private int close(List<BroadcastLeft> over) {
        over.forEach(left -> {
            Optional<BroadcastStore.Broadcast> broadcast = broadcasts.find(left.engineId());
            Optional<BroadcastStore.Broadcast> sent = broadcast.filter(found -> !broadcasts.fetched(found));
            sent.ifPresent(found -> wasLive(found, left.endedAt()));
            events.publishEvent(left);
            sent.filter(broadcasts::wasLive).ifPresent(each -> channels.broadcastOver(each.channelId()));
        });
        return over.size();
    }

    /** Notes what the next process has to know, and closes what nobody came back to. */
    @Scheduled(fixedDelay = 4_000)
    void note() {
        if (database.away()) {
            return;
        }
        List<BroadcastStore.OnAir> all = engine.getObject().live().stream()
                .filter(view -> view.state() != LiveState.ENDED)
                .map(view -> new BroadcastStore.OnAir(
                        view.broadcastId(), view.viewers(), view.keyId(), view.encoder() != null))
                .toList();
        if (!all.isEmpty()) {
            Engine.FreeNumbers free = engine.getObject().freeNumbers();
            broadcasts.note(all, free.media(), free.discontinuity(), clock.instant());
        }
        Instant now = clock.instant();
        transaction.executeWithoutResult(_ -> close(broadcasts.closeOverdue(now, Instant.EPOCH)));
    }

    // ---- what the engine tells --------------------------------------------------------------------------------

    @EventListener
    @Order(1)
    void on(LiveChanged event) {
        LiveView view = event.view();
        transaction.executeWithoutResult(_ -> {
            // One that began while the database was away is written down when it is first heard of.
            Optional<BroadcastStore.Broadcast> known =
                    broadcasts.find(view.broadcastId()).filter(found -> broadcasts.hold(found.channelId()));
            known.or(() -> begun(view)).ifPresent(broadcast -> {
                resumed(view);
                broadcasts.watchedBy(view.broadcastId(), view.viewers());
                Long by = view.keyId();
                if (by != null) {
                    broadcasts.publishedBy(view.broadcastId(), by);
                }
                // Who publishes is not known yet when it is heard of first.
                if (view.fetched()) {
                    broadcasts.fetched(view.broadcastId());
                }
                // A glance at a camera is no broadcast that the channel was shown for, nor one that anybody would call
                // the last.
                boolean sent = !broadcasts.fetched(broadcast);
                Instant liveSince = view.liveSince();
                if (liveSince != null && broadcasts.wentLive(view.broadcastId(), liveSince)) {
                    if (sent) {
                        wasLive(broadcast, liveSince);
                    }
                    noteProgram(view);
                    events.publishEvent(new BroadcastStarted(
                            broadcast.id(),
                            broadcast.engineId(),
                            broadcast.channelId(),
                            view.channel(),
                            liveSince,
                            !sent));
                }
                if (view.state() == LiveState.ENDED) {
                    Instant now = clock.instant();
                    boolean first = broadcasts.ended(view.broadcastId(), now);
                    if (sent && liveSince != null) {
                        wasLive(broadcast, now);
                    }
                    if (sent && first && liveSince != null) {
                        channels.broadcastOver(broadcast.channelId());
                    }
                }
            });
        });
    }

    /** One that was for fewer than the channel is shown to since is not told of. */
    private void wasLive(BroadcastStore.Broadcast broadcast, Instant at) {
        Visibility seen = broadcasts.visibility(broadcast.id());
        if (channels.find(broadcast.channelId())
                .filter(channel -> channel.visibility().within(seen))
                .isPresent()) {
            channels.wasLive(broadcast.channelId(), at);
        }
    }

    /** What runs is for the fewest that it was for; when a channel was last on air, those know who could see it. */
    @EventListener
    void on(ChannelVisibilityChanged event) {
        broadcasts.narrow(event.channelId(), event.visibility());
        channels.lastLive(
                event.channelId(),
                broadcasts
                        .lastLive(event.channelId(), event.visibility().around())
                        .orElse(null));
    }

    /** What was said of its pictures before is not in this process's memory. */
    private void resumed(LiveView view) {
        broadcasts.resumed(view.broadcastId()).ifPresent(withheld -> {
            LOG.info("{} goes on with a broadcast of an earlier run", view.channel());
            if (withheld) {
                thumbnails.takeDown(view.channel(), view.broadcastId());
            }
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
                .filter(found -> broadcasts.hold(found.id()))
                .map(found -> broadcasts.begin(found, view.broadcastId(), view.startedAt()));
    }
}
