// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Whoever joined one topic. The lock orders joins and events; everything else is guarded by it. */
final class TopicMembers {
    final ReentrantLock lock = new ReentrantLock();
    final Set<OpenPage> pages = new HashSet<>();

    /** Those that joined and are told nothing. */
    final Set<OpenPage> untold = new HashSet<>();

    boolean isEmpty() {
        return pages.isEmpty() && untold.isEmpty();
    }

    void remove(OpenPage page) {
        pages.remove(page);
        untold.remove(page);
    }
}
