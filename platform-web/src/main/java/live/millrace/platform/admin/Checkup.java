// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.doctor.Doctor;
import live.millrace.platform.doctor.Finding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** What the doctor says of the running site. A look takes some seconds, on a thread of its own; there is one at a time. Thread-safe. */
@Component
public class Checkup {
    private static final Logger LOG = LoggerFactory.getLogger(Checkup.class);

    /**
     * A look.
     *
     * @param at when it was over
     * @param findings what was found; empty when it broke off
     */
    public record Look(Instant at, List<Finding> findings) {
        public Look {
            findings = List.copyOf(findings);
        }
    }

    private final Environment settings;
    private final Clock clock;
    private @Nullable Look last;
    private boolean running;

    Checkup(Environment settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The last that is over. */
    public synchronized Optional<Look> last() {
        return Optional.ofNullable(last);
    }

    public synchronized boolean running() {
        return running;
    }

    /** Begins to look, if nobody does. */
    public synchronized void begin() {
        if (!running) {
            running = true;
            Thread.ofPlatform().name("checkup").daemon().start(this::look);
        }
    }

    private void look() {
        List<Finding> findings = List.of();
        try {
            findings = Doctor.examine(settings);
        } catch (RuntimeException e) {
            LOG.warn("The look at the installation broke off", e);
        } finally {
            over(new Look(clock.instant(), findings));
        }
    }

    private synchronized void over(Look look) {
        last = look;
        running = false;
    }
}
