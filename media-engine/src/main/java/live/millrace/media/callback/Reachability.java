// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one address answers, for the log: a line when it does no longer, and one when it does again. One that comes and goes, or
 * fails every second question, is written about once a minute. Thread-safe.
 */
final class Reachability {
    private static final Logger LOG = LoggerFactory.getLogger(Reachability.class);

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String host;
    private final LongSupplier nanoTime;
    private boolean complained;
    private boolean ever;
    private long lastComplaint;

    Reachability(String host, LongSupplier nanoTime) {
        this.host = host;
        this.nanoTime = nanoTime;
    }

    synchronized void failed(IOException cause) {
        long now = nanoTime.getAsLong();
        if (complained || (ever && now - lastComplaint < QUIET_NANOS)) {
            LOG.debug("The callback to {} failed: {}", host, cause.toString());
            return;
        }
        complained = true;
        ever = true;
        lastComplaint = now;
        LOG.warn(
                "The callback to {} is not answered; publishers wait, viewers are refused: {}", host, cause.toString());
    }

    synchronized void answered() {
        if (complained) {
            complained = false;
            LOG.info("Callbacks to {} are answered again", host);
        }
    }
}
