// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Tells the site what happens to streams, one thing after the other. What it cannot hear while its database is away it is told
 * afterwards: everything that is on air as it is then, and of what ended meanwhile the end.
 */
@Component
class LiveNews {
    private static final Logger LOG = LoggerFactory.getLogger(LiveNews.class);

    /** Broadcasts that ended during one absence; older ones are closed at the next start. */
    private static final int MOST = 10_000;

    private final ApplicationEventPublisher events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, LiveChanged> unheard = new LinkedHashMap<>();

    LiveNews(ApplicationEventPublisher events) {
        this.events = events;
    }

    void tell(LiveChanged news) {
        lock.lock();
        try {
            publish(news);
        } finally {
            lock.unlock();
        }
    }

    private void publish(LiveChanged news) {
        LiveView view = news.view();
        try {
            events.publishEvent(news);
        } catch (RuntimeException e) {
            if (!DatabaseState.causes(e)) {
                throw e;
            }
            LOG.debug("{} is told of later", view.channel());
            if (view.state() == LiveState.ENDED && unheard.size() < MOST) {
                unheard.put(view.broadcastId(), news);
            }
        }
    }

    /** The database is back. */
    void catchUp(Supplier<List<LiveView>> live) {
        lock.lock();
        try {
            List<LiveChanged> ended = List.copyOf(unheard.values());
            unheard.clear();
            ended.forEach(this::publish);
            live.get().forEach(view -> publish(new LiveChanged(view, false)));
        } finally {
            lock.unlock();
        }
    }
}
