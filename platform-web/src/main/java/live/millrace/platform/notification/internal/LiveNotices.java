// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.BroadcastStarted;
import live.millrace.platform.shared.AfterCommit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Tells followers that a channel is live, once it has been for a minute: a test of ten seconds calls nobody. That it is to be told is put
 * down with the broadcast itself, so that a site which starts again within that minute tells it nevertheless, if the channel is on air.
 */
@Component
class LiveNotices implements DeliveryHandler {
    static final Duration LIVE_FOR = Duration.ofSeconds(60);
    static final String KIND = "notice.live";

    /** @param engineId the broadcast as the engine knows it, in the process that it began in */
    record Due(long broadcastId, UUID engineId, long channelId) {}

    private final ObjectProvider<Engine> engine;
    private final JdbcNotices notices;
    private final Deliveries deliveries;
    /** With the pauses between them a minute and a half. */
    private static final int TRIES = 4;

    private final MeTopic pages;
    private final AfterCommit afterCommit;
    private final Instant started = Instant.now();

    LiveNotices(
            ObjectProvider<Engine> engine,
            JdbcNotices notices,
            Deliveries deliveries,
            MeTopic pages,
            AfterCommit afterCommit) {
        this.engine = engine;
        this.notices = notices;
        this.deliveries = deliveries;
        this.pages = pages;
        this.afterCommit = afterCommit;
    }

    /** In the transaction that writes the broadcast down. */
    @EventListener
    void on(BroadcastStarted event) {
        if (event.fetched()) {
            return;
        }
        deliveries.enqueue(
                KIND,
                event.channel(),
                new Due(event.broadcastId(), event.engineId(), event.channelId()),
                KIND + ":" + event.broadcastId(),
                event.liveAt().plus(LIVE_FOR));
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The notices and that they are written are one transaction; open pages hear of them after it. */
    @Override
    public Outcome deliver(Delivery delivery) {
        Optional<LiveView> live = engine.getObject()
                .live(delivery.target())
                .filter(view -> view.state() == LiveState.LIVE || view.state() == LiveState.RECONNECTING)
                .filter(view -> same(view, delivery));
        if (live.isEmpty()) {
            return mayBeOnAir(delivery) ? new Outcome.Later("not on air here") : Outcome.GONE;
        }
        Set<Long> told = notices.tellLive(
                delivery.body().path("channelId").asLong(),
                delivery.body().path("broadcastId").asLong());
        afterCommit.run(() -> told.forEach(pages::tell));
        return Outcome.DONE;
    }

    /** The process has just begun and the encoder is on its way back, or another process has it. */
    private boolean mayBeOnAir(Delivery delivery) {
        return delivery.attempts() < TRIES
                && (delivery.madeAt().isBefore(started)
                        || notices.open(delivery.body().path("broadcastId").asLong()));
    }

    /** What is on air now goes on with what began before this process did: its encoder came back. */
    private boolean same(LiveView view, Delivery delivery) {
        return view.broadcastId()
                        .toString()
                        .equals(delivery.body().path("engineId").asString())
                || delivery.madeAt().isBefore(started);
    }
}
