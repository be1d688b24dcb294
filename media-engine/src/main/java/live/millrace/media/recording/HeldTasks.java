// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Tasks in their order, which wait until they are let go. Thread-safe. */
final class HeldTasks implements Consumer<Runnable> {
    private final Consumer<Runnable> to;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean free;

    /** @param to whoever does them, at once or later */
    HeldTasks(Consumer<Runnable> to) {
        this.to = to;
    }

    @Override
    public synchronized void accept(Runnable task) {
        if (free) {
            to.accept(task);
        } else {
            waiting.add(task);
        }
    }

    /** Hands on what waits, behind another task, and from now on what comes. */
    synchronized void release(Runnable first) {
        to.accept(first);
        waiting.forEach(to);
        waiting.clear();
        free = true;
    }
}
