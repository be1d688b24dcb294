// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Whether the same key may take over now. An encoder that lost its connection always may: its ghost sends nothing. Two encoders with
 * one key would take over from each other for ever, because each comes back two seconds after it was sent away: after some rounds
 * the one that is in stays.
 */
final class Takeovers {
    /** So many within {@value #FIGHT_SECONDS} s are a fight. */
    private static final int ROUNDS = 3;

    private static final int FIGHT_SECONDS = 60;

    /** A publisher that sent nothing for so long is a ghost, and fights with nobody. */
    private static final long GHOST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long intervalNanos;
    private final Deque<Long> recent = new ArrayDeque<>();

    /** @param interval at most one takeover in this time */
    Takeovers(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** Decides, and notes a takeover that is allowed. */
    boolean allows(long nowNanos, long lastFrameNanos) {
        while (!recent.isEmpty() && nowNanos - recent.peekFirst() > TimeUnit.SECONDS.toNanos(FIGHT_SECONDS)) {
            recent.pollFirst();
        }
        boolean tooSoon = !recent.isEmpty() && nowNanos - recent.peekLast() < intervalNanos;
        boolean fight = recent.size() >= ROUNDS && nowNanos - lastFrameNanos < GHOST_NANOS;
        if (tooSoon || fight) {
            return false;
        }
        recent.addLast(nowNanos);
        if (recent.size() > ROUNDS) {
            recent.pollFirst();
        }
        return true;
    }
}
