// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many bodies that still come are handed on to the site at a time: each of them holds a thread there, and pages want some as well. Of one event
 * loop, and confined to it.
 */
final class BodyPlaces {
    private final int most;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int taken;

    BodyPlaces(int most) {
        this.most = most;
    }

    /** Takes a place, now or when one is free. */
    void take(Runnable then) {
        if (taken < most) {
            taken++;
            then.run();
        } else {
            waiting.add(then);
        }
    }

    /** Waits no more; false where it has its place. */
    boolean forgets(Runnable waits) {
        return waiting.remove(waits);
    }

    /** Gives a place back, to whoever waits longest. */
    void give() {
        Runnable next = waiting.poll();
        if (next == null) {
            taken--;
        } else {
            next.run();
        }
    }
}
