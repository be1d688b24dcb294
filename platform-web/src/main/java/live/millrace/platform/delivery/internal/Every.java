// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;

/** A pause from the end of one to the beginning of the next. The first comes late: a site that has just started has other things to do. */
record Every(Duration pause) implements Schedule {
    private static final Duration FIRST = Duration.ofMinutes(1);

    @Override
    public Instant getNextExecutionTime(ExecutionComplete complete) {
        return complete.getTimeDone().plus(pause);
    }

    @Override
    public Instant getInitialExecutionTime(Instant now) {
        return now.plus(pause.compareTo(FIRST) < 0 ? pause : FIRST);
    }

    @Override
    public boolean isDeterministic() {
        return false;
    }
}
