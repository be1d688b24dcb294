// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Tells the site what happens to streams, one thing after the other. What it cannot hear because its database is away, or because
 * one connection to it was lost, it is told afterwards: everything that is on air as it is then, and of what ended meanwhile the end.
 */
@Component
class LiveNews {
    private static final Logger LOG = LoggerFactory.getLogger(LiveNews.class);

    /** Broadcasts that ended during one absence; older ones are closed at the next start. */
    private static final int MOST = 10_000;

    private final ApplicationEventPublisher events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, LiveChanged> unheard = new LinkedHashMap<>();
    private volatile boolean missed;

    LiveNews(ApplicationEventPublisher events) {
        this.events = events;
    }

    /** Encoders can come. */
    void started(Duration grace) {
        events.publishEvent(new EngineStarted(grace));
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
            missed = true;
            if (view.state() == LiveState.ENDED && unheard.size() < MOST) {
                unheard.put(view.broadcastId(), news);
            }
        }
    }

    /** Something was not heard, and has not been told again since. */
    boolean missed() {
        return missed;
    }

    /** Tells everybody again, also those who stand behind the one who could not hear. What fails again is kept again. */
    void catchUp(Supplier<List<LiveView>> live) {
        lock.lock();
        try {
            List<LiveChanged> ended = List.copyOf(unheard.values());
            unheard.clear();
            missed = false;
            ended.forEach(this::publishAgain);
            live.get().forEach(view -> publishAgain(new LiveChanged(view, false)));
        } finally {
            lock.unlock();
        }
    }

    /** A fault with one broadcast does not cost the others their news. */
    private void publishAgain(LiveChanged news) {
        try {
            publish(news);
        } catch (RuntimeException e) {
            LOG.warn("{} could not be told of", news.view().channel(), e);
        }
    }
}
