// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.time.Duration;

/**
 * Tries at something: some are free, then each is followed by a wait that doubles up to a ceiling, so that nobody is ever shut out for
 * longer than that. A try counts when it is taken, not when it turns out to be wrong: many at once are as many. Thread-safe.
 */
final class GrowingWait {
    private final int free;
    private final Duration first;
    private final Duration ceiling;
    private final Duration forgotten;

    private int tries;
    private long lastAt;
    private long openAt;

    /** @param forgotten after this time without a try all are free again */
    GrowingWait(int free, Duration first, Duration ceiling, Duration forgotten) {
        this.free = free;
        this.first = first;
        this.ceiling = ceiling;
        this.forgotten = forgotten;
    }

    /** Takes a try; answers in how many milliseconds there is one when there is none now, else zero. */
    synchronized long take(long now) {
        if (now - lastAt > forgotten.toMillis()) {
            tries = 0;
            openAt = 0;
        }
        if (now < openAt) {
            return openAt - now;
        }
        tries++;
        lastAt = now;
        openAt = tries < free ? 0 : now + waitAfter(tries - free);
        return 0;
    }

    private long waitAfter(int beyond) {
        long doubled = first.toMillis() << Math.min(beyond, 20);
        return Math.min(doubled, ceiling.toMillis());
    }

    /** It was no try, or a right one. */
    synchronized void giveBack() {
        tries = Math.max(0, tries - 1);
        openAt = 0;
    }
}
