// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.time.Duration;
import java.time.Instant;

/** How long something has been going on: {@code 0:42}, {@code 12:03}, {@code 1:02:03}; {@code core/format.ts} writes the same. */
public final class RunningClock {
    static final RunningClock INSTANCE = new RunningClock();

    private RunningClock() {}

    /** Since then, until now. */
    public String since(Instant start) {
        return of(Duration.between(start, Instant.now()));
    }

    static String of(Duration length) {
        Duration shown = length.isNegative() ? Duration.ZERO : length;
        return shown.toHours() == 0
                ? "%d:%02d".formatted(shown.toMinutes(), shown.toSecondsPart())
                : "%d:%02d:%02d".formatted(shown.toHours(), shown.toMinutesPart(), shown.toSecondsPart());
    }
}
