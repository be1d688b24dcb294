// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.BroadcastStarted;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Tells followers that a channel is live, once it has been for a minute: a test of ten seconds calls nobody. */
@Component
class LiveNotices {
    static final Duration LIVE_FOR = Duration.ofSeconds(60);

    private final ObjectProvider<Engine> engine;
    private final JdbcNotices notices;
    private final MeTopic pages;
    private final Clock clock;
    private final Map<UUID, BroadcastStarted> young = new ConcurrentHashMap<>();

    LiveNotices(ObjectProvider<Engine> engine, JdbcNotices notices, MeTopic pages, Clock clock) {
        this.engine = engine;
        this.notices = notices;
        this.pages = pages;
        this.clock = clock;
    }

    @EventListener
    void on(BroadcastStarted event) {
        young.put(event.engineId(), event);
    }

    @Scheduled(fixedDelay = 2_000)
    void tell() {
        for (BroadcastStarted broadcast : List.copyOf(young.values())) {
            if (Duration.between(broadcast.liveAt(), clock.instant()).compareTo(LIVE_FOR) < 0) {
                continue;
            }
            young.remove(broadcast.engineId());
            boolean still = engine.getObject()
                    .live(broadcast.channel())
                    .filter(view -> view.broadcastId().equals(broadcast.engineId()))
                    .filter(view -> view.state() == LiveState.LIVE || view.state() == LiveState.RECONNECTING)
                    .isPresent();
            if (still) {
                notices.tellFollowers(broadcast.channelId(), broadcast.broadcastId())
                        .forEach(pages::tell);
            }
        }
    }
}
