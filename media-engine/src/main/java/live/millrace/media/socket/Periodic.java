// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done again and again. A scheduler stops for good after a run that throws, and keeps the reason to itself: here somebody hears
 * of it.
 */
public final class Periodic {
    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    private Periodic() {}

    /** For one connection, on its loop, until cancelled. A run that throws is the last, and ends the connection as what was read does. */
    public static ScheduledFuture<?> of(Channel channel, Runnable run, long period, TimeUnit unit) {
        return channel.eventLoop()
                .scheduleAtFixedRate(
                        new Runnable() {
                            private boolean over;

                            @Override
                            public void run() {
                                if (over) {
                                    return;
                                }
                                try {
                                    run.run();
                                } catch (RuntimeException | Error e) {
                                    // Not as the timer's own failure: a run that cancels its timer and then fails has
                                    // none.
                                    over = true;
                                    channel.pipeline().fireExceptionCaught(e);
                                }
                            }
                        },
                        period,
                        period,
                        unit);
    }

    /** For a whole process, until its loops stop. A run that throws is logged, and the next comes all the same. */
    public static void unfailing(EventExecutorGroup loops, String what, Runnable run, long period, TimeUnit unit) {
        loops.scheduleAtFixedRate(run, period, period, unit).addListener(ended -> {
            if (!ended.isSuccess() && !ended.isCancelled()) {
                LOG.error("The {} failed; it goes on", what, ended.cause());
                if (!loops.isShuttingDown()) {
                    unfailing(loops, what, run, period, unit);
                }
            }
        });
    }
}
