// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery;

import java.time.Duration;

/**
 * Something that is done every so often by one process, however many there are; a bean. When a process dies with it another one takes it
 * up, so it must be safe to be begun again. Work on a process's own memory is not for this.
 */
public interface RecurringWork {
    /** Unique, and the same for ever: whoever renames one leaves the old one's row behind for two weeks. */
    String name();

    /** From the end of one to the beginning of the next; the first comes this long, or a minute, after it is first known. */
    Duration every();

    void run();

    static RecurringWork of(String name, Duration every, Runnable work) {
        return new RecurringWork() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Duration every() {
                return every;
            }

            @Override
            public void run() {
                work.run();
            }
        };
    }
}
