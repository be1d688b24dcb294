// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audit;

import org.jspecify.annotations.Nullable;

/** Who does something that leaves a trace. Staff act under their own name only. */
public record Actor(@Nullable Long accountId, String name) {
    /** The site by itself: a rule that took effect, a block that ended. */
    public static final Actor SITE = new Actor(null, "");
}
