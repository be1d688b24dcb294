// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.updates.UpdatesSettings;
import live.millrace.platform.updates.internal.UpdateRows.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Asks once a day whether there is a newer version, where the operator names an address; looks every few minutes whether it is time. */
@Component
class UpdateWork implements RecurringWork {
    private static final Logger LOG = LoggerFactory.getLogger(UpdateWork.class);

    /** Whoever has just entered the address wants to see that it works. */
    private static final Duration EVERY = Duration.ofMinutes(5);

    private static final Duration A_DAY = Duration.ofDays(1);

    /** At most, and at random: sites that were started together do not all come at once. */
    private static final Duration JITTER = Duration.ofHours(2);

    /** When it died in the middle of it. */
    private static final Duration AGAIN = Duration.ofHours(1);

    private final UpdatesSettings settings;
    private final UpdateCall call;
    private final UpdateRows rows;
    private final JsonMapper json;
    private final Clock clock;

    UpdateWork(UpdatesSettings settings, UpdateCall call, UpdateRows rows, JsonMapper json, Clock clock) {
        this.settings = settings;
        this.call = call;
        this.rows = rows;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "updates-question";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public void run() {
        URI address = settings.address().orElse(null);
        if (address == null) {
            return;
        }
        State state = rows.state();
        String mark = UpdatesSettings.mark(address);
        if (!mark.equals(state.askedFor())) {
            rows.anew(mark);
            state = rows.state();
        }
        if (due(state, clock.instant())) {
            ask(address, state);
        }
    }

    /** A clock that was wrong once may have written any time down: none is believed that nobody would choose. */
    static boolean due(State state, Instant now) {
        Instant next = state.nextAt();
        return next == null
                || !next.isAfter(now)
                || next.isAfter(now.plus(A_DAY).plus(JITTER));
    }

    private void ask(URI address, State before) {
        rows.begin(clock.instant().plus(AGAIN));
        try {
            rows.answered(Answer.read(call.ask(address), json), clock.instant(), next());
        } catch (UpdateFailure failure) {
            rows.failed(failure.trouble(), clock.instant(), next());
            // Once: who does not read the first does not read the hundredth.
            if (failure.trouble() != before.trouble()) {
                LOG.warn(
                        "{}, which millrace.updates.url names, does not say which version is the newest: {} ({})."
                                + " It is asked again in a day.",
                        UpdatesSettings.shown(address),
                        failure.trouble(),
                        failure.detail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Instant next() {
        return clock.instant()
                .plus(A_DAY)
                .plusSeconds(ThreadLocalRandom.current().nextLong(JITTER.toSeconds()));
    }
}
