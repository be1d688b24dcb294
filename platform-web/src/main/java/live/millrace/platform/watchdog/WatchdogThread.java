// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.watchdog;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The watchdog's thread, from the moment the site takes requests until it stops; and what it found, for the health page. */
@Component("requests")
class WatchdogThread implements HealthIndicator, SmartLifecycle {
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();

    private final SiteWatchdog watchdog;
    private final ProcessMeans means;
    private volatile @Nullable Thread thread;

    WatchdogThread(RequestTally requests, ProcessMeans means, WatchdogSettings settings) {
        this.means = means;
        this.watchdog = new SiteWatchdog(requests, System::nanoTime, means, settings.endProcess());
    }

    @EventListener
    void on(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() == null) {
            if (event.getWebServer() instanceof TomcatWebServer tomcat
                    && tomcat.getTomcat().getConnector().getProtocolHandler()
                            instanceof AbstractHttp11Protocol<?> http) {
                means.listensOn(http.getAddress(), event.getWebServer().getPort(), http.isSSLEnabled());
            }
        }
    }

    @Override
    public Health health() {
        return watchdog.stuck() ? Health.down().build() : Health.up().build();
    }

    @Override
    public void start() {
        watchdog.begin();
        thread = Thread.ofPlatform().name("site-watchdog").daemon().start(this::watch);
    }

    private void watch() {
        while (Thread.currentThread().equals(thread)) {
            watchdog.look();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        LockSupport.unpark(running);
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
