// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

/** Tells threads on which somebody waits for an answer from those that do long work, which may be waited for. */
public final class SomebodyWaits {
    private static final ThreadLocal<Boolean> HERE = ThreadLocal.withInitial(() -> false);

    private SomebodyWaits() {}

    /** Whether somebody waits for what this thread does. */
    public static boolean here() {
        return HERE.get();
    }

    /** Says so of this thread, or that nobody does any more; answers what was said before. */
    public static boolean mark(boolean waits) {
        boolean before = HERE.get();
        if (waits) {
            HERE.set(true);
        } else {
            HERE.remove();
        }
        return before;
    }
}
