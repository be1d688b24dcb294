// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Set;

/** Knows which guests watch at this moment. Where nobody knows, nobody does. Thread-safe. */
@FunctionalInterface
public interface WatchingNow {
    /** Those of a channel's guests, by their ids. */
    Set<Long> guests(long channelId);
}
