// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.time.Duration;

/**
 * Sees to it that a process that was told to end does end: an orderly end that takes too long is cut off, whatever it waits for. What
 * was committed is safe, and the next start puts the rest right.
 */
final class EndLimit {
    private static final int KILLED_BY_TERM = 128 + 15;

    private EndLimit() {}

    /** From now on, at most {@code limit} passes between a request to end and the end. */
    static void install(Duration limit) {
        // Made now: at the end, a thread might wait for whatever the others wait for.
        Thread cutter = Thread.ofPlatform().name("end-limit").daemon().unstarted(() -> {
            try {
                Thread.sleep(limit);
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(KILLED_BY_TERM);
        });
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(cutter::start));
    }
}
