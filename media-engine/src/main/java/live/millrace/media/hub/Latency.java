// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.Locale;
import java.util.Optional;

/** How much added latency a publisher accepts for its viewers, so that one system call may carry more. */
public enum Latency {
    /** Each frame at once, whatever it costs. */
    REALTIME,
    /** Gathered for a fifth of the usual time. */
    LOW,
    /** Gathered for longer the more viewers there are. */
    NORMAL;

    /** The value of a name in an address; empty when there is none such. */
    public static Optional<Latency> of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "realtime" -> Optional.of(REALTIME);
            case "low" -> Optional.of(LOW);
            case "normal", "adaptive" -> Optional.of(NORMAL);
            default -> Optional.empty();
        };
    }
}
