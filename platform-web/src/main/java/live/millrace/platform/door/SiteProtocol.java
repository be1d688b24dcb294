// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.jspecify.annotations.Nullable;

/** Tomcat's HTTP/1.1 with a guard at the door. Made by Tomcat, by its name; guarded before it is started. */
public final class SiteProtocol extends Http11NioProtocol {
    private static final long SWEEP_MILLIS = 250;

    private final GuardedEndpoint guarded;
    private @Nullable ScheduledFuture<?> sweeping;

    public SiteProtocol() {
        this(new GuardedEndpoint());
    }

    private SiteProtocol(GuardedEndpoint endpoint) {
        super(endpoint);
        this.guarded = endpoint;
    }

    void guard(Visits visits) {
        guarded.guard(visits);
    }

    @Override
    protected Processor createProcessor() {
        return new WatchedProcessor(this, getAdapter(), guarded::visit);
    }

    @Override
    public void start() throws Exception {
        guarded.visits().most(getMaxConnections());
        super.start();
        sweeping = getUtilityExecutor()
                .scheduleWithFixedDelay(guarded::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        ScheduledFuture<?> running = sweeping;
        if (running != null) {
            running.cancel(false);
        }
        super.stop();
    }
}
